//! Whoever keeps callers' items, and a keeper in memory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use sluice_contract::dynamodb::{Item, ItemStoreError};

use super::customer::{Change, Customer};

/// Keeps what callers have answered.
pub trait Answers: std::fmt::Debug + Send + Sync {
    /// What is kept of a caller, with every write that has ended.
    fn customer(&self, phone_number: &str) -> Result<Customer, AnswersError>;
    /// Writes the change; false, and nothing written, where what it goes by has changed.
    fn change(&self, phone_number: &str, change: &Change) -> Result<bool, AnswersError>;
}

/// An item can't be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answers can't be kept: {0}")]
pub struct AnswersError(#[from] pub ItemStoreError);

/// Keeps answers for as long as it lives.
#[derive(Debug, Default)]
pub struct MemoryAnswers(Mutex<BTreeMap<String, Customer>>);

impl MemoryAnswers {
    /// Every caller's item, as the table would have it.
    pub fn items(&self) -> Vec<Item> {
        let customers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        customers.iter().map(|(phone_number, it)| it.to_item(phone_number)).collect()
    }
}

impl Answers for MemoryAnswers {
    fn customer(&self, phone_number: &str) -> Result<Customer, AnswersError> {
        let customers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(customers.get(phone_number).cloned().unwrap_or_default())
    }

    fn change(&self, phone_number: &str, change: &Change) -> Result<bool, AnswersError> {
        let mut customers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let customer = customers.entry(phone_number.to_owned()).or_default();
        let allowed = customer.allows(change);
        if allowed {
            customer.apply(change);
        }
        Ok(allowed)
    }
}
