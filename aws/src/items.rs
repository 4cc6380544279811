//! DynamoDB as an [`ItemStore`].

use std::collections::{BTreeMap, HashMap};

use aws_config::SdkConfig;
use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types,
};
use sluice_contract::{
    dynamodb::{
        AttributeValue, DeleteItem, GetItem, Item, ItemStore, ItemStoreError, PutItem, QueryPrefix,
        ReturnValues, UpdateItem,
    },
    runs::{PK, SK},
};
use tokio::runtime::Handle;

use crate::in_full;

/// The tables of an account and region.
#[derive(Debug, Clone)]
pub struct DynamoItems {
    client: Client,
    runtime: Handle,
}

impl DynamoItems {
    /// Asks with that configuration, on that runtime.
    pub fn new(configuration: &SdkConfig, runtime: Handle) -> Self {
        Self { client: Client::new(configuration), runtime }
    }

    /// Every item of a table, page by page. Reads all of it: not for tables that grow without end. Blocks.
    pub fn scan(&self, table: &str) -> Result<Vec<Item>, ItemStoreError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let page = self.client.scan().table_name(table).set_exclusive_start_key(start).send();
            let page = self.runtime.block_on(page).map_err(|it| failure(&it))?;
            for item in page.items.unwrap_or_default() {
                items.push(from_sdk(item)?);
            }
            start = page.last_evaluated_key.filter(|it| !it.is_empty());
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}

impl ItemStore for DynamoItems {
    fn get_item(&self, request: &GetItem) -> Result<Option<Item>, ItemStoreError> {
        let call = self
            .client
            .get_item()
            .table_name(&request.table_name)
            .set_key(Some(to_sdk(&request.key)))
            .set_consistent_read(request.consistent_read);
        let answer = self.runtime.block_on(call.send()).map_err(|it| failure(&it))?;
        answer.item.map(from_sdk).transpose()
    }

    fn put_item(&self, request: &PutItem) -> Result<(), ItemStoreError> {
        let call = self
            .client
            .put_item()
            .table_name(&request.table_name)
            .set_item(Some(to_sdk(&request.item)))
            .set_condition_expression(request.condition_expression.clone())
            .set_expression_attribute_names(names(&request.expression_attribute_names))
            .set_expression_attribute_values(values(&request.expression_attribute_values));
        self.runtime.block_on(call.send()).map(drop).map_err(|it| failure(&it))
    }

    fn update_item(&self, request: &UpdateItem) -> Result<Option<Item>, ItemStoreError> {
        let returned = request.return_values.map(|it| match it {
            ReturnValues::None => types::ReturnValue::None,
            ReturnValues::AllNew => types::ReturnValue::AllNew,
            ReturnValues::AllOld => types::ReturnValue::AllOld,
        });
        let call = self
            .client
            .update_item()
            .table_name(&request.table_name)
            .set_key(Some(to_sdk(&request.key)))
            .update_expression(&request.update_expression)
            .set_condition_expression(request.condition_expression.clone())
            .set_expression_attribute_names(names(&request.expression_attribute_names))
            .set_expression_attribute_values(values(&request.expression_attribute_values))
            .set_return_values(returned);
        let answer = self.runtime.block_on(call.send()).map_err(|it| failure(&it))?;
        answer.attributes.map(from_sdk).transpose()
    }

    fn delete_item(&self, request: &DeleteItem) -> Result<(), ItemStoreError> {
        let call = self
            .client
            .delete_item()
            .table_name(&request.table_name)
            .set_key(Some(to_sdk(&request.key)))
            .set_condition_expression(request.condition_expression.clone())
            .set_expression_attribute_names(names(&request.expression_attribute_names))
            .set_expression_attribute_values(values(&request.expression_attribute_values));
        self.runtime.block_on(call.send()).map(drop).map_err(|it| failure(&it))
    }

    fn query_prefix(&self, request: &QueryPrefix) -> Result<Vec<Item>, ItemStoreError> {
        let text = |it: &str| types::AttributeValue::S(it.to_owned());
        // DynamoDB takes no empty text in a condition on a key.
        let condition =
            if request.sk_prefix.is_empty() { "#pk = :pk" } else { "#pk = :pk AND begins_with(#sk, :sk)" };
        let mut call = self
            .client
            .query()
            .table_name(&request.table_name)
            .consistent_read(true)
            .key_condition_expression(condition)
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":pk", text(&request.pk));
        if !request.sk_prefix.is_empty() {
            call = call
                .expression_attribute_names("#sk", SK)
                .expression_attribute_values(":sk", text(&request.sk_prefix));
        }
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let page = call.clone().set_exclusive_start_key(start).send();
            let page = self.runtime.block_on(page).map_err(|it| failure(&it))?;
            for item in page.items.unwrap_or_default() {
                items.push(from_sdk(item)?);
            }
            start = page.last_evaluated_key.filter(|it| !it.is_empty());
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}

/// DynamoDB refuses an empty map where it takes none.
fn names(names: &BTreeMap<String, String>) -> Option<HashMap<String, String>> {
    (!names.is_empty()).then(|| names.clone().into_iter().collect())
}

fn values(values: &Item) -> Option<HashMap<String, types::AttributeValue>> {
    (!values.is_empty()).then(|| to_sdk(values))
}

fn to_sdk(item: &Item) -> HashMap<String, types::AttributeValue> {
    item.iter().map(|(name, value)| (name.clone(), value_to_sdk(value))).collect()
}

fn value_to_sdk(value: &AttributeValue) -> types::AttributeValue {
    match value {
        AttributeValue::S(it) => types::AttributeValue::S(it.clone()),
        AttributeValue::N(it) => types::AttributeValue::N(it.clone()),
        AttributeValue::Bool(it) => types::AttributeValue::Bool(*it),
        AttributeValue::Null(it) => types::AttributeValue::Null(*it),
        AttributeValue::M(it) => types::AttributeValue::M(to_sdk(it)),
        AttributeValue::L(it) => types::AttributeValue::L(it.iter().map(value_to_sdk).collect()),
    }
}

fn from_sdk(item: HashMap<String, types::AttributeValue>) -> Result<Item, ItemStoreError> {
    item.into_iter().map(|(name, value)| Ok((name, value_from_sdk(value)?))).collect()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the SDK's enum grows, and says that it must be matched so"
)]
fn value_from_sdk(value: types::AttributeValue) -> Result<AttributeValue, ItemStoreError> {
    Ok(match value {
        types::AttributeValue::S(it) => AttributeValue::S(it),
        types::AttributeValue::N(it) => AttributeValue::N(it),
        types::AttributeValue::Bool(it) => AttributeValue::Bool(it),
        types::AttributeValue::Null(it) => AttributeValue::Null(it),
        types::AttributeValue::M(it) => AttributeValue::M(from_sdk(it)?),
        types::AttributeValue::L(it) => {
            AttributeValue::L(it.into_iter().map(value_from_sdk).collect::<Result<_, _>>()?)
        }
        // Sets are nobody's of ours, but stand in items that others write to, too; they are read and never written.
        types::AttributeValue::Ss(it) => AttributeValue::L(it.into_iter().map(AttributeValue::S).collect()),
        types::AttributeValue::Ns(it) => AttributeValue::L(it.into_iter().map(AttributeValue::N).collect()),
        other => return Err(ItemStoreError::Invalid(format!("an item holds {other:?}"))),
    })
}

/// The service says that a request is wrong with two names; everything else may pass.
fn failure<E>(error: &SdkError<E>) -> ItemStoreError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error.code() {
        Some("ConditionalCheckFailedException") => ItemStoreError::ConditionFailed,
        Some(
            "ValidationException"
            | "ResourceNotFoundException"
            | "AccessDeniedException"
            | "UnrecognizedClientException"
            | "InvalidSignatureException",
        ) => ItemStoreError::Invalid(in_full(error)),
        Some(_) | None => ItemStoreError::Unavailable(in_full(error)),
    }
}
