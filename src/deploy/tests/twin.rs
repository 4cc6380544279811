//! An account in memory, whose calls fail when they are told to.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
};

use serde_json::{Value, json};

use crate::deploy::{
    Actual, Cloud, CloudError, Found, Key, Kind, Knowledge, Locked, Owner, Problem, Resource, Unit,
};

/// What is there, whose it is (nobody's of ours: none), what it says.
type Things = BTreeMap<Key, (Option<Unit>, Value)>;

/// One account.
#[derive(Debug, Default)]
pub(super) struct World {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) things: Things,
    pub(super) marks: BTreeMap<Unit, String>,
    pub(super) lock: Option<String>,
    pub(super) calls: usize,
    pub(super) reads: Vec<Key>,
    pub(super) writes: BTreeSet<Key>,
}

/// One who deploys to it.
pub(super) struct Hand<'a> {
    pub(super) world: &'a World,
    pub(super) name: &'static str,
    /// Dies before that call is carried out, and does nothing any more.
    pub(super) dies_at: Option<usize>,
    made: Mutex<usize>,
}

impl World {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(super) fn hand(&self) -> Hand<'_> {
        Hand { world: self, name: "one", dies_at: None, made: Mutex::default() }
    }

    pub(super) fn mortal(&self, dies_at: usize) -> Hand<'_> {
        Hand { dies_at: Some(dies_at), ..self.hand() }
    }

    pub(super) fn named(&self, name: &'static str) -> Hand<'_> {
        Hand { name, ..self.hand() }
    }

    pub(super) fn put(&self, kind: Kind, name: &str, owner: Option<Unit>, content: Value) {
        let _ = self.state().things.insert(Key::new(kind, name), (owner, content));
    }

    /// What there is, without locks and counters.
    pub(super) fn things(&self) -> (Things, BTreeMap<Unit, String>) {
        let state = self.state();
        (state.things.clone(), state.marks.clone())
    }
}

impl Hand<'_> {
    fn call(&self) -> Result<MutexGuard<'_, State>, CloudError> {
        let mut made = self.made.lock().unwrap();
        *made += 1;
        if self.dies_at.is_some_and(|it| *made >= it) {
            return Err(CloudError {
                problem: Problem::Unavailable,
                operation: "call".to_owned(),
                message: "dead".to_owned(),
                problems: Vec::new(),
            });
        }
        let mut state = self.world.state();
        state.calls += 1;
        Ok(state)
    }

    /// Whether it was there at all to die.
    pub(super) fn survived(&self) -> bool {
        let made = *self.made.lock().unwrap();
        self.dies_at.is_none_or(|it| made < it)
    }
}

impl Cloud for Hand<'_> {
    fn check(&self) -> Result<(), CloudError> {
        self.call().map(drop)
    }

    fn list(&self) -> Result<Actual, CloudError> {
        let state = self.call()?;
        let mut actual = Actual { marks: state.marks.clone(), ..Actual::default() };
        for (key, (owner, content)) in &state.things {
            let listed_in_full =
                matches!(key.kind, Kind::Role | Kind::JobDefinition | Kind::Object | Kind::Stack);
            let owner = match owner {
                Some(unit) if listed_in_full => Owner::Ours(unit.clone()),
                None if listed_in_full => Owner::Other("somebody".to_owned()),
                Some(unit) => Owner::Perhaps(unit.clone()),
                None => Owner::Perhaps(Unit::Platform),
            };
            let knowledge =
                if listed_in_full { Knowledge::Full(content.clone()) } else { Knowledge::Part(json!({})) };
            let _ = actual.found.insert(key.clone(), Found { owner, knowledge, made_of: None });
        }
        Ok(actual)
    }

    fn read(&self, key: &Key) -> Result<Option<Found>, CloudError> {
        let mut state = self.call()?;
        state.reads.push(key.clone());
        Ok(state.things.get(key).map(|(owner, content)| Found {
            owner: owner.clone().map_or(Owner::Other("somebody".to_owned()), Owner::Ours),
            knowledge: Knowledge::Full(content.clone()),
            made_of: None,
        }))
    }

    fn create(&self, resource: &Resource) -> Result<(), CloudError> {
        let mut state = self.call()?;
        let content = if resource.key.kind == Kind::Flow { json!("empty") } else { resource.content.clone() };
        assert!(!state.things.contains_key(&resource.key), "{} is made twice", resource.key);
        // AWS refuses a machine without its role, a schedule without its machine.
        if matches!(resource.key.kind, Kind::StateMachine | Kind::Schedule | Kind::Rule) {
            let there = state
                .things
                .iter()
                .any(|(key, (unit, _))| key.kind == Kind::Role && unit.as_ref() == Some(&resource.unit));
            assert!(there, "{} is made before what it needs", resource.key);
        }
        let _ = state.writes.insert(resource.key.clone());
        let _ = state.things.insert(resource.key.clone(), (Some(resource.unit.clone()), content));
        Ok(())
    }

    fn update(&self, resource: &Resource) -> Result<(), CloudError> {
        let mut state = self.call()?;
        assert!(state.things.contains_key(&resource.key), "{} is not there", resource.key);
        let _ = state.writes.insert(resource.key.clone());
        let _ = state
            .things
            .insert(resource.key.clone(), (Some(resource.unit.clone()), resource.content.clone()));
        Ok(())
    }

    fn delete(&self, key: &Key) -> Result<(), CloudError> {
        let mut state = self.call()?;
        let _ = state.writes.insert(key.clone());
        if let Some((owner, _)) = state.things.remove(key) {
            let unit = owner.expect("what is not ours is not removed");
            if matches!(key.kind, Kind::Role | Kind::Flow) {
                let _ = state.marks.remove(&unit);
            }
        }
        Ok(())
    }

    fn mark(&self, unit: &Unit, hash: Option<&str>) -> Result<(), CloudError> {
        let mut state = self.call()?;
        match hash {
            _ if *unit == Unit::Platform => {}
            Some(hash) => drop(state.marks.insert(unit.clone(), hash.to_owned())),
            None => drop(state.marks.remove(unit)),
        }
        Ok(())
    }

    fn lock(&self) -> Result<Locked, CloudError> {
        let mut state = self.call()?;
        if !state.things.keys().any(|it| it.kind == Kind::Stack) {
            return Ok(Locked::NoPlace);
        }
        match &state.lock {
            Some(holder) if holder != self.name => Ok(Locked::Held(holder.clone())),
            Some(_) | None => {
                state.lock = Some(self.name.to_owned());
                Ok(Locked::Taken)
            }
        }
    }

    fn keep_lock(&self) -> Result<bool, CloudError> {
        let state = self.call()?;
        Ok(state.lock.as_deref().is_none_or(|it| it == self.name))
    }

    fn unlock(&self) -> Result<(), CloudError> {
        let mut state = self.call()?;
        if state.lock.as_deref() == Some(self.name) {
            state.lock = None;
        }
        Ok(())
    }
}
