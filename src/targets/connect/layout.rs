//! Where the console draws each action: left to right in columns, no two over each other.
//!
//! An action stands one column right of the last that leads to it; only what goes round a loop leads back to the
//! left. The way of callers who answer everything is the first row. Knows nothing of what actions do.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{
    flow::{Action, Coordinate, Position},
    name::ActionId,
};

/// How wide the console draws an action.
pub const WIDTH: i64 = 200;
const COLUMN: i64 = 280;
const MARGIN: i64 = 20;
/// The heading and the space under it.
const BASE: i64 = 100;
/// Each branch has a line.
const BRANCH: i64 = 30;
const GAP: i64 = 50;

/// How high the console draws the action, with room to spare.
pub fn height(action: &Action) -> i64 {
    let lines = action.transitions.errors.len() + action.transitions.conditions.len() + 1;
    BASE + BRANCH * i64::try_from(lines).unwrap_or(i64::MAX / BRANCH / 2)
}

/// The upper left corner of each action, in the order of the actions.
pub(super) fn positions(actions: &[Action], start: &ActionId) -> IndexMap<ActionId, Position> {
    let by_id: BTreeMap<&ActionId, &Action> = actions.iter().map(|it| (&it.identifier, it)).collect();
    let order = forward_order(&by_id, start);
    let columns = columns(&by_id, &order);
    let remaining = remaining(&by_id, &order);
    // In each column, what the longest way leads through stands highest: callers who answer go straight to the right.
    let mut bottoms: BTreeMap<i64, i64> = BTreeMap::new();
    let mut tops: BTreeMap<&ActionId, i64> = BTreeMap::new();
    let mut wanted: BTreeMap<&ActionId, i64> = BTreeMap::new();
    let mut by_column: Vec<(i64, usize, &ActionId)> = order
        .iter()
        .enumerate()
        .map(|(place, id)| (columns.get(id).copied().unwrap_or(0), place, *id))
        .collect();
    by_column.sort_unstable();
    while let Some((column, ..)) = by_column.first().copied() {
        let (mut here, rest): (Vec<_>, Vec<_>) = by_column.into_iter().partition(|it| it.0 == column);
        by_column = rest;
        here.sort_by_key(|(_, place, id)| {
            let left = remaining.get(id).copied().unwrap_or(0);
            (-left, wanted.get(id).copied().unwrap_or(0), *place)
        });
        for (_, _, id) in here {
            let Some(action) = by_id.get(id) else { continue };
            let top = *bottoms.get(&column).unwrap_or(&MARGIN);
            let _ = bottoms.insert(column, top + height(action) + GAP);
            let _ = tops.insert(id, top);
            for target in action.transitions.targets() {
                let _ = wanted.entry(target).and_modify(|it| *it = top.min(*it)).or_insert(top);
            }
        }
    }
    actions
        .iter()
        .map(|it| {
            let column = columns.get(&it.identifier).copied().unwrap_or(0);
            let top = tops.get(&it.identifier).copied().unwrap_or(MARGIN);
            let x = MARGIN + COLUMN * (column + 1);
            (it.identifier.clone(), Position { x: Coordinate::Whole(x), y: Coordinate::Whole(top) })
        })
        .collect()
}

/// Where the mark of the beginning stands.
pub(super) fn entry() -> Position {
    Position { x: Coordinate::Whole(MARGIN), y: Coordinate::Whole(MARGIN) }
}

/// Every action that is led to, each before those it leads to, as far as no loop says otherwise.
pub(super) fn forward_order<'a>(
    by_id: &BTreeMap<&'a ActionId, &'a Action>,
    start: &'a ActionId,
) -> Vec<&'a ActionId> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::from([start]);
    // Each with how many of its targets were gone after.
    let mut path = vec![(start, 0_usize)];
    while let Some((id, done)) = path.pop() {
        // The last target first, so that the first one comes first when all is turned round.
        let targets: Vec<_> = by_id.get(id).map_or_else(Vec::new, |it| it.transitions.targets().collect());
        match targets.iter().rev().nth(done) {
            None => order.push(id),
            Some(target) => {
                path.push((id, done + 1));
                if by_id.contains_key(*target) && seen.insert(target) {
                    path.push((target, 0));
                }
            }
        }
    }
    order.reverse();
    order
}

/// How many columns there are at least to the right of each.
fn remaining<'a>(
    by_id: &BTreeMap<&'a ActionId, &'a Action>,
    order: &[&'a ActionId],
) -> BTreeMap<&'a ActionId, i64> {
    let mut remaining: BTreeMap<&ActionId, i64> = BTreeMap::new();
    for id in order.iter().rev() {
        let targets = by_id.get(id).into_iter().flat_map(|it| it.transitions.targets());
        // What is not known yet goes round a loop.
        let most = targets.filter_map(|it| remaining.get(it)).max().map_or(0, |it| it + 1);
        let _ = remaining.insert(id, most);
    }
    remaining
}

fn columns<'a>(
    by_id: &BTreeMap<&'a ActionId, &'a Action>,
    order: &[&'a ActionId],
) -> BTreeMap<&'a ActionId, i64> {
    let places: BTreeMap<&ActionId, usize> =
        order.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    let mut columns: BTreeMap<&ActionId, i64> = BTreeMap::new();
    for (place, id) in order.iter().enumerate() {
        let column = *columns.entry(id).or_insert(0);
        let Some(action) = by_id.get(id) else { continue };
        for target in action.transitions.targets() {
            // What stands before it goes round a loop.
            if places.get(target).is_some_and(|it| *it > place) {
                let _ =
                    columns.entry(target).and_modify(|it| *it = (column + 1).max(*it)).or_insert(column + 1);
            }
        }
    }
    columns
}
