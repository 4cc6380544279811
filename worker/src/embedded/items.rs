//! DynamoDB's answers from an SQLite file: one table of items, one immediate transaction for each request.
//!
//! Every table has the keys `pk` and `sk` unless [`EmbeddedItems::with_key`] says otherwise.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior, params};
use sluice_contract::{
    dynamodb::{
        AttributeValue, DeleteItem, GetItem, Item, ItemStore, ItemStoreError, PutItem, QueryPrefix,
        ReturnValues, UpdateItem,
    },
    runs::{PK, SK},
};

use super::{condition::Condition, operand::Placeholders, token::invalid, update::Update};
use crate::sqlite_busy::retry_busy;

/// Longer than any request takes; requests of other processes wait their turn.
const PATIENCE: Duration = Duration::from_mins(1);

const ITEMS: &str = "
    CREATE TABLE IF NOT EXISTS items (
        table_name TEXT NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL, item TEXT NOT NULL,
        PRIMARY KEY (table_name, pk, sk)
    ) WITHOUT ROWID;
";

/// An item store in an SQLite file, for many threads and processes at once.
#[derive(Debug)]
pub struct EmbeddedItems {
    connection: Mutex<Connection>,
    keys: BTreeMap<String, Vec<String>>,
}

impl EmbeddedItems {
    /// Opens the file, which is made where it is missing.
    pub fn open(path: &Path) -> Result<Self, ItemStoreError> {
        let open = || {
            let connection = Connection::open(path)?;
            connection.busy_timeout(PATIENCE)?;
            retry_busy(|| connection.pragma_update(None, "journal_mode", "WAL"))?;
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            retry_busy(|| connection.execute_batch(ITEMS))?;
            Ok(connection)
        };
        let connection = open().map_err(|error: rusqlite::Error| {
            let message = format!("`{}`: {error}", path.display());
            if is_damage(&error) {
                ItemStoreError::Damaged(message)
            } else {
                ItemStoreError::Unavailable(message)
            }
        })?;
        Ok(Self { connection: Mutex::new(connection), keys: BTreeMap::new() })
    }

    /// The same store, where that table has that partition key and no sort key.
    #[must_use]
    pub fn with_key(mut self, table: &str, partition_key: &str) -> Self {
        let _ = self.keys.insert(table.to_owned(), vec![partition_key.to_owned()]);
        self
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A poisoned lock means a panic between statements; the transaction it was in has been rolled back.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of an item or of a request's `Key`, as it is stored.
    fn key(&self, table: &str, attributes: &Item, whole: bool) -> Result<Key, ItemStoreError> {
        let names = self.key_names(table);
        if !whole && attributes.len() != names.len() {
            return Err(invalid("the provided key element does not match the schema"));
        }
        let mut parts = names.iter().map(|name| match attributes.get(*name) {
            Some(AttributeValue::S(text)) if !text.is_empty() => Ok(text.clone()),
            Some(_) => Err(invalid(format!("key attribute `{name}` must be a text that is not empty"))),
            None => Err(invalid(format!("missing the key `{name}` in the item"))),
        });
        let pk = parts.next().transpose()?.unwrap_or_default();
        let sk = parts.next().transpose()?.unwrap_or_default();
        Ok(Key { table: table.to_owned(), pk, sk })
    }

    fn key_names(&self, table: &str) -> Vec<&str> {
        self.keys.get(table).map_or_else(|| vec![PK, SK], |it| it.iter().map(String::as_str).collect())
    }

    /// Reads the item, asks the condition, and writes what `change` makes of it, in one transaction.
    fn change<T>(
        &self,
        key: &Key,
        condition: Option<&Condition>,
        change: impl FnOnce(Option<Item>) -> Result<(Option<Item>, T), ItemStoreError>,
    ) -> Result<T, ItemStoreError> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|it| unavailable(&it))?;
        let before = read(&transaction, key)?;
        if let Some(condition) = condition
            && !condition.holds(before.as_ref().unwrap_or(&Item::new()))?
        {
            return Err(ItemStoreError::ConditionFailed);
        }
        let (after, answer) = change(before)?;
        let written = match after {
            Some(item) => {
                let text = serde_json::to_string(&item).map_err(|error| invalid(error.to_string()))?;
                transaction.execute(
                    "INSERT INTO items (table_name, pk, sk, item) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (table_name, pk, sk) DO UPDATE SET item = excluded.item",
                    params![key.table, key.pk, key.sk, text],
                )
            }
            None => transaction.execute(
                "DELETE FROM items WHERE table_name = ?1 AND pk = ?2 AND sk = ?3",
                params![key.table, key.pk, key.sk],
            ),
        };
        let _ = written.map_err(|it| unavailable(&it))?;
        transaction.commit().map_err(|it| unavailable(&it))?;
        Ok(answer)
    }
}

impl ItemStore for EmbeddedItems {
    fn get_item(&self, request: &GetItem) -> Result<Option<Item>, ItemStoreError> {
        let key = self.key(&request.table_name, &request.key, false)?;
        read(&self.connection(), &key)
    }

    fn put_item(&self, request: &PutItem) -> Result<(), ItemStoreError> {
        let key = self.key(&request.table_name, &request.item, true)?;
        let placeholders =
            Placeholders::new(&request.expression_attribute_names, &request.expression_attribute_values);
        let condition = parse_condition(request.condition_expression.as_deref(), &placeholders)?;
        placeholders.check_all_used()?;
        check_numbers(&request.item)?;
        self.change(&key, condition.as_ref(), |_| Ok((Some(request.item.clone()), ())))
    }

    fn update_item(&self, request: &UpdateItem) -> Result<Option<Item>, ItemStoreError> {
        let key = self.key(&request.table_name, &request.key, false)?;
        let (condition, update) = parse_update(request)?;
        self.change(&key, condition.as_ref(), |before| {
            let after = update.apply(before.as_ref().unwrap_or(&request.key))?;
            let answer = match request.return_values {
                None | Some(ReturnValues::None) => None,
                Some(ReturnValues::AllNew) => Some(after.clone()),
                Some(ReturnValues::AllOld) => before,
            };
            Ok((Some(after), answer))
        })
    }

    fn delete_item(&self, request: &DeleteItem) -> Result<(), ItemStoreError> {
        let key = self.key(&request.table_name, &request.key, false)?;
        let placeholders =
            Placeholders::new(&request.expression_attribute_names, &request.expression_attribute_values);
        let condition = parse_condition(request.condition_expression.as_deref(), &placeholders)?;
        placeholders.check_all_used()?;
        self.change(&key, condition.as_ref(), |_| Ok((None, ())))
    }

    fn query_prefix(&self, request: &QueryPrefix) -> Result<Vec<Item>, ItemStoreError> {
        let connection = self.connection();
        let query = || {
            let mut statement = connection.prepare_cached(
                "SELECT item FROM items WHERE table_name = ?1 AND pk = ?2 AND substr(sk, 1, length(?3)) = ?3
                 ORDER BY sk",
            )?;
            let rows = statement
                .query_map(params![request.table_name, request.pk, request.sk_prefix], |row| {
                    row.get::<_, String>(0)
                })?;
            rows.collect::<Result<Vec<_>, _>>()
        };
        let texts = query().map_err(|it| unavailable(&it))?;
        texts.iter().map(|it| from_text(it)).collect()
    }
}

/// What an update makes of an item, without a store: what [`EmbeddedItems`] would write.
pub fn updated(request: &UpdateItem, before: Option<&Item>) -> Result<Item, ItemStoreError> {
    let (condition, update) = parse_update(request)?;
    if let Some(condition) = condition
        && !condition.holds(before.unwrap_or(&Item::new()))?
    {
        return Err(ItemStoreError::ConditionFailed);
    }
    update.apply(before.unwrap_or(&request.key))
}

fn parse_update(request: &UpdateItem) -> Result<(Option<Condition>, Update), ItemStoreError> {
    let placeholders =
        Placeholders::new(&request.expression_attribute_names, &request.expression_attribute_values);
    let condition = parse_condition(request.condition_expression.as_deref(), &placeholders)?;
    let update = Update::parse(&request.update_expression, &placeholders)?;
    placeholders.check_all_used()?;
    check_numbers(&request.expression_attribute_values)?;
    if let Some(name) = update.attributes().find(|it| request.key.contains_key(*it)) {
        return Err(invalid(format!("cannot update attribute `{name}`: this attribute is part of the key")));
    }
    Ok((condition, update))
}

#[derive(Debug)]
struct Key {
    table: String,
    pk: String,
    sk: String,
}

fn read(connection: &Connection, key: &Key) -> Result<Option<Item>, ItemStoreError> {
    let text: Option<String> = connection
        .prepare_cached("SELECT item FROM items WHERE table_name = ?1 AND pk = ?2 AND sk = ?3")
        .and_then(|mut it| it.query_row(params![key.table, key.pk, key.sk], |row| row.get(0)).optional())
        .map_err(|it| unavailable(&it))?;
    text.as_deref().map(from_text).transpose()
}

fn from_text(text: &str) -> Result<Item, ItemStoreError> {
    serde_json::from_str(text)
        .map_err(|error| ItemStoreError::Damaged(format!("an item can't be read: {error}")))
}

fn parse_condition(
    expression: Option<&str>,
    placeholders: &Placeholders<'_>,
) -> Result<Option<Condition>, ItemStoreError> {
    expression.map(|it| Condition::parse(it, placeholders)).transpose()
}

/// DynamoDB refuses a number that is none when it is written, not when it is used.
fn check_numbers(values: &Item) -> Result<(), ItemStoreError> {
    values.values().try_for_each(|value| match value {
        AttributeValue::N(text) => super::number::Number::parse(text).map(drop),
        AttributeValue::S(_)
        | AttributeValue::Bool(_)
        | AttributeValue::Null(_)
        | AttributeValue::M(_)
        | AttributeValue::L(_) => Ok(()),
    })
}

fn unavailable(error: &rusqlite::Error) -> ItemStoreError {
    if is_damage(error) {
        return ItemStoreError::Damaged(error.to_string());
    }
    ItemStoreError::Unavailable(error.to_string())
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}
