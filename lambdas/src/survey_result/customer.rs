//! A caller's item: the answers of each contact, and how each survey went.
//!
//! ```text
//! PhoneNumber  +302101234567
//! SurveyData   [{ ContactID, Date, NPS_Rating: 4, reason: price }, ...]
//! SurveyCalls  [{ ContactID, Date, Survey, Language, Status, Told: [0] }, ...]
//! ```
//!
//! `SurveyData` is what other systems read: nothing but answers is in it, and a contact has one entry there. Other
//! attributes of the item, and entries of other systems, are theirs.

use std::collections::BTreeMap;

use sluice_contract::{
    dynamodb::{AttributeValue, Item},
    survey::{Progress, SurveyDocument},
};

use super::report::Report;
use crate::survey::text;

/// What the attributes of the item are called.
pub mod attribute {
    /// The key.
    pub const PHONE_NUMBER: &str = "PhoneNumber";
    /// The list of answers.
    pub const DATA: &str = "SurveyData";
    /// The list of surveys, and how they went.
    pub const CALLS: &str = "SurveyCalls";
    /// In both lists: the contact that was asked about.
    pub const CONTACT: &str = "ContactID";
    /// In both lists: the moment of the first answer, and of what the flow said first.
    pub const DATE: &str = "Date";
    /// Which survey.
    pub const SURVEY: &str = "Survey";
    /// What was spoken.
    pub const LANGUAGE: &str = "Language";
    /// One of [`Progress`](super::Progress).
    pub const STATUS: &str = "Status";
    /// The alerts that were told, by their place in the survey.
    pub const TOLD: &str = "Told";
}

/// What is kept of a caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Customer {
    /// The answers, one entry a contact.
    pub entries: Vec<Entry>,
    /// The surveys, one a contact.
    pub calls: Vec<Call>,
}

/// The answers of one contact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry(pub Item);

/// How a survey went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call(pub Item);

/// What is to be written, on the condition that nothing of it has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// An entry of the answers.
    pub entry: Option<Placed>,
    /// An entry of the surveys.
    pub call: Option<Placed>,
}

/// An element of a list: a new one at its end, or another one for the one that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its place; the length of the list for a new one.
    pub at: usize,
    /// What is there.
    pub before: Option<Item>,
    /// What is to be there.
    pub after: Item,
}

impl Customer {
    /// As the item has it. An element that is not an entry keeps its place.
    pub fn from_item(item: &Item) -> Self {
        Self {
            entries: elements(item, attribute::DATA).into_iter().map(Entry).collect(),
            calls: elements(item, attribute::CALLS).into_iter().map(Call).collect(),
        }
    }

    /// As an item.
    pub fn to_item(&self, phone_number: &str) -> Item {
        let list = |elements: Vec<&Item>| {
            AttributeValue::L(elements.into_iter().cloned().map(AttributeValue::M).collect())
        };
        let mut item = Item::from([(attribute::PHONE_NUMBER.to_owned(), phone_number.into())]);
        if !self.entries.is_empty() {
            let entries = list(self.entries.iter().map(|it| &it.0).collect());
            drop(item.insert(attribute::DATA.to_owned(), entries));
        }
        if !self.calls.is_empty() {
            let calls = list(self.calls.iter().map(|it| &it.0).collect());
            drop(item.insert(attribute::CALLS.to_owned(), calls));
        }
        item
    }

    /// What a contact's caller has answered, by question and in the order of the survey.
    pub fn answers<'s>(&self, survey: &'s SurveyDocument, contact: &str) -> Vec<(&'s str, String)> {
        let entry = self.entries.iter().find(|it| is_of(&it.0, contact));
        let answer = |stored_as: &str| match entry?.0.get(stored_as)? {
            AttributeValue::S(it) | AttributeValue::N(it) => Some(it.clone()),
            AttributeValue::Bool(_)
            | AttributeValue::Null(_)
            | AttributeValue::M(_)
            | AttributeValue::L(_) => None,
        };
        let questions = survey.questions.iter();
        questions.filter_map(|it| Some((it.name.as_str(), answer(&it.stored_as)?))).collect()
    }

    /// What is to be written for what the flow told, and which alerts are told with it; none where all of it is
    /// there. The first answer to a question stays, and so does the first end.
    pub(super) fn note(&self, report: &Report<'_>, now: i64) -> Option<(Change, Vec<usize>)> {
        let entry = self.entry_with(report, now);
        let mut after = self.clone();
        after.apply(&Change { entry: entry.clone(), call: None });
        let answers: BTreeMap<String, String> = after
            .answers(report.survey, report.contact)
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v))
            .collect();
        let at = place(self.calls.iter().map(|it| &it.0), report.contact);
        let before = self.calls.get(at).map(|it| &it.0);
        let told = before.map(told).unwrap_or_default();
        let alerts = report.survey.alerts.iter().enumerate();
        let alerts: Vec<usize> = alerts
            .filter(|(number, it)| !told.contains(number) && it.condition.holds(&answers))
            .map(|(number, _)| number)
            .collect();
        let call = call_with(before, report, &alerts, now);
        let call = (before != Some(&call)).then(|| Placed { at, before: before.cloned(), after: call });
        (entry.is_some() || call.is_some()).then_some((Change { entry, call }, alerts))
    }

    /// What is to be written so that these alerts count as not told; none where they do already.
    pub(super) fn without_told(&self, report: &Report<'_>, alerts: &[usize]) -> Option<Change> {
        let at = place(self.calls.iter().map(|it| &it.0), report.contact);
        let before = &self.calls.get(at)?.0;
        let mut left = told(before);
        left.retain(|it| !alerts.contains(it));
        let mut after = before.clone();
        set_told(&mut after, &left);
        let call = Placed { at, before: Some(before.clone()), after };
        (call.before.as_ref() != Some(&call.after)).then_some(Change { entry: None, call: Some(call) })
    }

    /// The item as it is after the change.
    pub fn apply(&mut self, change: &Change) {
        if let Some(Placed { at, after, .. }) = &change.entry {
            put(&mut self.entries, *at, Entry(after.clone()));
        }
        if let Some(Placed { at, after, .. }) = &change.call {
            put(&mut self.calls, *at, Call(after.clone()));
        }
    }

    /// Whether what the change goes by is still so.
    pub fn allows(&self, change: &Change) -> bool {
        let entry = |it: &Placed| self.entries.get(it.at).map(|it| &it.0) == it.before.as_ref();
        let call = |it: &Placed| self.calls.get(it.at).map(|it| &it.0) == it.before.as_ref();
        change.entry.as_ref().is_none_or(entry) && change.call.as_ref().is_none_or(call)
    }

    fn entry_with(&self, report: &Report<'_>, now: i64) -> Option<Placed> {
        let answered = report.answer?;
        let at = place(self.entries.iter().map(|it| &it.0), report.contact);
        let before = self.entries.get(at).map(|it| &it.0);
        let mut after = before.cloned().unwrap_or_else(|| head(report, now));
        if after.contains_key(&answered.question.stored_as) {
            return None;
        }
        let value = answered.number().map_or_else(|| answered.answer.into(), AttributeValue::from);
        drop(after.insert(answered.question.stored_as.clone(), value));
        Some(Placed { at, before: before.cloned(), after })
    }
}

fn elements(item: &Item, name: &str) -> Vec<Item> {
    let Some(AttributeValue::L(elements)) = item.get(name) else { return Vec::new() };
    let map = |it: &AttributeValue| if let AttributeValue::M(map) = it { map.clone() } else { Item::new() };
    elements.iter().map(map).collect()
}

fn is_of(element: &Item, contact: &str) -> bool {
    element.get(attribute::CONTACT).and_then(AttributeValue::text) == Some(contact)
}

/// Where the contact's element is, or would be.
fn place<'i>(elements: impl Iterator<Item = &'i Item>, contact: &str) -> usize {
    let mut length = 0;
    for element in elements {
        if is_of(element, contact) {
            return length;
        }
        length += 1;
    }
    length
}

fn put<T>(list: &mut Vec<T>, at: usize, element: T) {
    match list.get_mut(at) {
        Some(there) => *there = element,
        None => list.push(element),
    }
}

fn head(report: &Report<'_>, now: i64) -> Item {
    Item::from([
        (attribute::CONTACT.to_owned(), report.contact.into()),
        (attribute::DATE.to_owned(), text(now).as_str().into()),
    ])
}

fn call_with(before: Option<&Item>, report: &Report<'_>, alerts: &[usize], now: i64) -> Item {
    let mut call = before.cloned().unwrap_or_else(|| head(report, now));
    drop(call.insert(attribute::SURVEY.to_owned(), report.survey.survey.as_str().into()));
    if !report.language.is_empty() {
        drop(call.insert(attribute::LANGUAGE.to_owned(), report.language.into()));
    }
    let status = call.get(attribute::STATUS).and_then(AttributeValue::text);
    if status.is_none_or(|it| it == Progress::Answered.word()) {
        drop(call.insert(attribute::STATUS.to_owned(), report.progress.word().into()));
    }
    let mut all = told(&call);
    all.extend(alerts);
    set_told(&mut call, &all);
    call
}

fn told(call: &Item) -> Vec<usize> {
    let Some(AttributeValue::L(numbers)) = call.get(attribute::TOLD) else { return Vec::new() };
    numbers.iter().filter_map(|it| usize::try_from(it.number()?).ok()).collect()
}

fn set_told(call: &mut Item, told: &[usize]) {
    if told.is_empty() {
        drop(call.remove(attribute::TOLD));
        return;
    }
    let numbers = told.iter().map(|it| AttributeValue::N(it.to_string())).collect();
    drop(call.insert(attribute::TOLD.to_owned(), AttributeValue::L(numbers)));
}
