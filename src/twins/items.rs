//! DynamoDB, answered by an item store.

use serde::Serialize;
use serde_json::Value;
use sluice_contract::{
    dynamodb::{Item, ItemStore, ItemStoreError},
    error_name,
};

use super::{read, to_value};
use crate::engine::TaskError;

/// `UpdateItem`.
pub(crate) fn update_item(items: &dyn ItemStore, arguments: Value) -> Result<Value, TaskError> {
    let attributes = items.update_item(&read(arguments)?).map_err(|error| refused(&error))?;
    to_value(&Written { attributes })
}

/// `GetItem`.
pub(crate) fn get_item(items: &dyn ItemStore, arguments: Value) -> Result<Value, TaskError> {
    let item = items.get_item(&read(arguments)?).map_err(|error| refused(&error))?;
    to_value(&Got { item })
}

/// `PutItem`.
pub(crate) fn put_item(items: &dyn ItemStore, arguments: Value) -> Result<Value, TaskError> {
    items.put_item(&read(arguments)?).map_err(|error| refused(&error))?;
    to_value(&Written { attributes: None })
}

/// `DeleteItem`.
pub(crate) fn delete_item(items: &dyn ItemStore, arguments: Value) -> Result<Value, TaskError> {
    items.delete_item(&read(arguments)?).map_err(|error| refused(&error))?;
    to_value(&Written { attributes: None })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Item>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Got {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Item>,
}

/// Under the name that the service's own integration gives it.
fn refused(error: &ItemStoreError) -> TaskError {
    let [stumbled, ..] = error_name::ITEM_STORE_STUMBLES;
    let name = match error {
        ItemStoreError::ConditionFailed => error_name::CONDITION_FAILED,
        ItemStoreError::Invalid(_) => "DynamoDB.ValidationException",
        ItemStoreError::Unavailable(_) | ItemStoreError::Damaged(_) => stumbled,
    };
    TaskError::new(name, error.to_string())
}
