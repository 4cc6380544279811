//! The DynamoDB requests that Sluice makes, in the service's own shape, and the trait of whoever answers them.
//!
//! The state machine's tasks, the worker and the Lambdas build the same structs; AWS answers them in production
//! and the embedded store does on one machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One item, by attribute name.
pub type Item = BTreeMap<String, AttributeValue>;

/// A DynamoDB value. Numbers travel as decimal text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttributeValue {
    /// Text.
    S(String),
    /// A number, as text.
    N(String),
    /// True or false.
    #[serde(rename = "BOOL")]
    Bool(bool),
    /// Nothing; always `true`.
    #[serde(rename = "NULL")]
    Null(bool),
    /// Values by name.
    M(Item),
    /// Values in order.
    L(Vec<AttributeValue>),
}

impl AttributeValue {
    /// The text of an `S`.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::S(text) => Some(text),
            Self::N(_) | Self::Bool(_) | Self::Null(_) | Self::M(_) | Self::L(_) => None,
        }
    }

    /// The whole number in an `N`.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::N(text) => text.parse().ok(),
            Self::S(_) | Self::Bool(_) | Self::Null(_) | Self::M(_) | Self::L(_) => None,
        }
    }
}

impl From<&str> for AttributeValue {
    fn from(text: &str) -> Self {
        Self::S(text.to_owned())
    }
}

impl From<i64> for AttributeValue {
    fn from(number: i64) -> Self {
        Self::N(number.to_string())
    }
}

/// `GetItem`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GetItem {
    /// The table's name.
    pub table_name: String,
    /// The item's key attributes.
    pub key: Item,
    /// Whether every write that has ended must be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consistent_read: Option<bool>,
}

/// `PutItem`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PutItem {
    /// The table's name.
    pub table_name: String,
    /// The whole item.
    pub item: Item,
    /// Refused unless it holds for the item that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition_expression: Option<String>,
    /// What `#name` stands for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expression_attribute_names: BTreeMap<String, String>,
    /// What `:name` stands for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expression_attribute_values: Item,
}

/// `UpdateItem`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UpdateItem {
    /// The table's name.
    pub table_name: String,
    /// The item's key attributes; the item is made where it is missing.
    pub key: Item,
    /// `SET … ADD … REMOVE …`.
    pub update_expression: String,
    /// Refused unless it holds for the item that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition_expression: Option<String>,
    /// What `#name` stands for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expression_attribute_names: BTreeMap<String, String>,
    /// What `:name` stands for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expression_attribute_values: Item,
    /// What the answer carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_values: Option<ReturnValues>,
}

/// What the answer of [`UpdateItem`] carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReturnValues {
    /// Nothing.
    None,
    /// The whole item as it is after the update.
    AllNew,
    /// The whole item as it was before the update.
    AllOld,
}

/// `DeleteItem`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DeleteItem {
    /// The table's name.
    pub table_name: String,
    /// The item's key attributes.
    pub key: Item,
    /// Refused unless it holds for the item that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition_expression: Option<String>,
    /// What `#name` stands for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expression_attribute_names: BTreeMap<String, String>,
    /// What `:name` stands for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expression_attribute_values: Item,
}

/// Every item of one partition whose sort key starts with a text, in the sort key's order.
///
/// `Query` with `begins_with`, all pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryPrefix {
    /// The table's name.
    pub table_name: String,
    /// The partition key's value.
    pub pk: String,
    /// What the sort key starts with; empty for the whole partition.
    pub sk_prefix: String,
}

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemStoreError {
    /// The condition did not hold.
    ConditionFailed,
    /// The request itself is wrong; what is wrong with it.
    Invalid(String),
    /// The store could not be asked; asking again may help.
    Unavailable(String),
    /// What is stored is not what was written; asking again does not help.
    Damaged(String),
}

impl std::fmt::Display for ItemStoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ConditionFailed => f.write_str("the conditional request failed"),
            Self::Invalid(what) => write!(f, "invalid request: {what}"),
            Self::Unavailable(what) => write!(f, "the item store can't be reached: {what}"),
            Self::Damaged(what) => write!(f, "the item store is damaged: {what}"),
        }
    }
}

impl std::error::Error for ItemStoreError {}

/// Whoever answers the requests: DynamoDB, or the embedded store.
pub trait ItemStore: std::fmt::Debug + Send + Sync {
    /// The item, or none.
    fn get_item(&self, request: &GetItem) -> Result<Option<Item>, ItemStoreError>;
    /// Writes the whole item.
    fn put_item(&self, request: &PutItem) -> Result<(), ItemStoreError>;
    /// Changes attributes of an item; the item asked for by `return_values`.
    fn update_item(&self, request: &UpdateItem) -> Result<Option<Item>, ItemStoreError>;
    /// Deletes the item; no error where there is none.
    fn delete_item(&self, request: &DeleteItem) -> Result<(), ItemStoreError>;
    /// Every fitting item.
    fn query_prefix(&self, request: &QueryPrefix) -> Result<Vec<Item>, ItemStoreError>;
}
