//! Which calls there are, so that a record that comes twice calls nobody twice.
//!
//! ```text
//! pk CALL#satisfaction#<contact>      sk CALL   state, attempt, due, phone_number, call ...
//! pk PERSON#satisfaction#<number>     sk CALLS  calls [{ contact, at }], revision
//! ```
//!
//! Every step is a conditional write, and a call that is not made yet is gone on with by whoever finds it.

use sluice_contract::{
    dynamodb::{AttributeValue, GetItem, Item, ItemStore, ItemStoreError, PutItem},
    runs::{key, names},
    survey::CallLimit,
};

/// Items are kept for so long after what they are needed for: 30 days, which is more than a stream holds records.
const KEPT_SECONDS: i64 = 30 * 24 * 60 * 60;

/// How often a person's item is read again where others write to it at the same time.
const ATTEMPTS: u32 = 5;

/// The table of calls.
#[derive(Debug, Clone, Copy)]
pub struct Ledger<'a> {
    store: &'a dyn ItemStore,
    table: &'a str,
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is to be made.
    Waiting,
    /// It was made.
    Called,
    /// Somebody took it.
    Taken,
    /// Nobody took it, in any of its attempts.
    Untaken,
    /// It can't be made.
    Refused,
    /// This person was called too recently.
    Limited,
    /// It was not made in time.
    Stale,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CallItem {
    pub(super) survey: String,
    pub(super) contact: String,
    pub(super) phone_number: String,
    pub(super) language: Option<String>,
    pub(super) state: State,
    pub(super) attempt: u32,
    pub(super) due: i64,
    /// The contact of the last attempt.
    pub(super) call: Option<String>,
    pub(super) reason: Option<String>,
}

impl State {
    const ALL: [Self; 7] =
        [Self::Waiting, Self::Called, Self::Taken, Self::Untaken, Self::Refused, Self::Limited, Self::Stale];

    /// As the table has it: `waiting`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Taken => "taken",
            Self::Untaken => "untaken",
            Self::Refused => "refused",
            Self::Limited => "limited",
            Self::Stale => "stale",
        }
    }
}

impl<'a> Ledger<'a> {
    /// The table of that name, which has the keys of the runs table.
    pub fn new(store: &'a dyn ItemStore, table: &'a str) -> Self {
        Self { store, table }
    }

    /// The call as it is written down; this one is written down where there is none.
    pub(super) fn open(&self, call: CallItem, now: i64) -> Result<CallItem, ItemStoreError> {
        let request = PutItem {
            table_name: self.table.to_owned(),
            item: call.to_item(now),
            condition_expression: Some("attribute_not_exists(#pk)".to_owned()),
            expression_attribute_names: names(&["pk"]),
            expression_attribute_values: Item::new(),
        };
        if accepted(self.store.put_item(&request))? {
            return Ok(call);
        }
        let there = self.get(&call.survey, &call.contact)?;
        Ok(there.unwrap_or(call))
    }

    /// The call; none where none is written down.
    pub(super) fn get(&self, survey: &str, contact: &str) -> Result<Option<CallItem>, ItemStoreError> {
        let item = self.read(&call_partition(survey, contact), CALL)?;
        Ok(item.as_ref().and_then(CallItem::from_item))
    }

    /// Writes `after` in the place of `before`; false where it is another one by now.
    pub(super) fn put(&self, before: &CallItem, after: &CallItem, now: i64) -> Result<bool, ItemStoreError> {
        let request = PutItem {
            table_name: self.table.to_owned(),
            item: after.to_item(now),
            condition_expression: Some("#state = :state AND #attempt = :attempt".to_owned()),
            expression_attribute_names: names(&["state", "attempt"]),
            expression_attribute_values: Item::from([
                (":state".to_owned(), before.state.word().into()),
                (":attempt".to_owned(), i64::from(before.attempt).into()),
            ]),
        };
        accepted(self.store.put_item(&request))
    }

    /// Counts the call for its person; false where that would be one more than the limit. All attempts of a call
    /// are one, and so is one that is counted twice.
    pub(super) fn count(&self, call: &CallItem, limit: CallLimit, now: i64) -> Result<bool, ItemStoreError> {
        let since = now - i64::from(limit.each_seconds) * 1000;
        let most = usize::try_from(limit.calls).unwrap_or(usize::MAX);
        self.change_person(call, limit, now, |calls| {
            if calls.iter().any(|(contact, _)| *contact == call.contact) {
                return Counting::Unchanged(true);
            }
            calls.retain(|(_, at)| *at > since);
            if calls.len() >= most {
                return Counting::Unchanged(false);
            }
            calls.push((call.contact.clone(), now));
            Counting::Changed
        })
    }

    /// The call was not made and counts for nobody.
    pub(super) fn discount(&self, call: &CallItem, limit: CallLimit, now: i64) -> Result<(), ItemStoreError> {
        let done = self.change_person(call, limit, now, |calls| {
            let before = calls.len();
            calls.retain(|(contact, _)| *contact != call.contact);
            if calls.len() == before { Counting::Unchanged(true) } else { Counting::Changed }
        });
        done.map(drop)
    }

    fn change_person(
        &self,
        call: &CallItem,
        limit: CallLimit,
        now: i64,
        change: impl Fn(&mut Vec<(String, i64)>) -> Counting,
    ) -> Result<bool, ItemStoreError> {
        let pk = format!("PERSON#{}#{}", call.survey, call.phone_number);
        for _ in 0..ATTEMPTS {
            let item = self.read(&pk, CALLS)?.unwrap_or_default();
            let revision = item.get("revision").and_then(AttributeValue::number).unwrap_or_default();
            let mut calls = calls_of(&item);
            if let Counting::Unchanged(answer) = change(&mut calls) {
                return Ok(answer);
            }
            let mut item = key(&pk, CALLS);
            let list = calls.iter().map(|(contact, at)| {
                let call = [("contact", contact.as_str().into()), ("at", (*at).into())];
                AttributeValue::M(call.map(|(name, value)| (name.to_owned(), value)).into())
            });
            let expires_at = now / 1000 + i64::from(limit.each_seconds) + KEPT_SECONDS;
            item.extend([
                ("calls".to_owned(), AttributeValue::L(list.collect())),
                ("revision".to_owned(), (revision + 1).into()),
                ("expires_at".to_owned(), expires_at.into()),
            ]);
            let request = PutItem {
                table_name: self.table.to_owned(),
                item,
                condition_expression: Some("attribute_not_exists(#pk) OR #revision = :revision".to_owned()),
                expression_attribute_names: names(&["pk", "revision"]),
                expression_attribute_values: Item::from([(":revision".to_owned(), revision.into())]),
            };
            if accepted(self.store.put_item(&request))? {
                return Ok(true);
            }
        }
        Err(ItemStoreError::Unavailable(format!("others changed the item {ATTEMPTS} times in a row")))
    }

    fn read(&self, pk: &str, sk: &str) -> Result<Option<Item>, ItemStoreError> {
        self.store.get_item(&GetItem {
            table_name: self.table.to_owned(),
            key: key(pk, sk),
            consistent_read: Some(true),
        })
    }
}

const CALL: &str = "CALL";
const CALLS: &str = "CALLS";

enum Counting {
    Changed,
    Unchanged(bool),
}

fn call_partition(survey: &str, contact: &str) -> String {
    format!("CALL#{survey}#{contact}")
}

fn accepted(written: Result<(), ItemStoreError>) -> Result<bool, ItemStoreError> {
    match written {
        Ok(()) => Ok(true),
        Err(ItemStoreError::ConditionFailed) => Ok(false),
        Err(
            error
            @ (ItemStoreError::Invalid(_) | ItemStoreError::Unavailable(_) | ItemStoreError::Damaged(_)),
        ) => Err(error),
    }
}

fn calls_of(item: &Item) -> Vec<(String, i64)> {
    let Some(AttributeValue::L(calls)) = item.get("calls") else { return Vec::new() };
    let call = |it: &AttributeValue| {
        let AttributeValue::M(call) = it else { return None };
        Some((call.get("contact")?.text()?.to_owned(), call.get("at")?.number()?))
    };
    calls.iter().filter_map(call).collect()
}

impl CallItem {
    fn to_item(&self, now: i64) -> Item {
        let texts = [
            ("survey", Some(&self.survey)),
            ("contact", Some(&self.contact)),
            ("phone_number", Some(&self.phone_number)),
            ("language", self.language.as_ref()),
            ("call", self.call.as_ref()),
            ("reason", self.reason.as_ref()),
        ];
        let mut item = key(&call_partition(&self.survey, &self.contact), CALL);
        let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text?.as_str().into())));
        let others = [
            ("state", self.state.word().into()),
            ("attempt", i64::from(self.attempt).into()),
            ("due", self.due.into()),
            ("changed_at", now.into()),
            ("expires_at", (now.max(self.due) / 1000 + KEPT_SECONDS).into()),
        ];
        item.extend(texts.chain(others).map(|(name, value)| (name.to_owned(), value)));
        item
    }

    fn from_item(item: &Item) -> Option<Self> {
        let text = |name: &str| item.get(name).and_then(AttributeValue::text).map(str::to_owned);
        let number = |name: &str| item.get(name).and_then(AttributeValue::number);
        let state = text("state")?;
        Some(Self {
            survey: text("survey")?,
            contact: text("contact")?,
            phone_number: text("phone_number")?,
            language: text("language"),
            state: State::ALL.into_iter().find(|it| it.word() == state)?,
            attempt: u32::try_from(number("attempt")?).ok()?,
            due: number("due")?,
            call: text("call"),
            reason: text("reason"),
        })
    }
}
