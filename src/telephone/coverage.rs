//! Every caller there can be: which ways through flows do not end, speak what was never set, or lose an answer.
//!
//! The search goes over situations: two calls that differ in nothing that can still matter are one. At each question
//! it presses each key that decides anything, one that does not, none at all, and hangs up; each function answers and
//! fails; hours are open and closed; whatever can fail by itself does, and does not.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
};

use serde::Serialize;

use super::{
    call::{Call, Need, PlayError, Reply},
    classes::{Classes, around, handed_on, starts},
    flow::Flow,
    functions::FunctionError,
    liveness::Liveness,
    play::Pressed,
    state::{Contact, State},
    transcript::Event,
};

/// What was found. The JSON form is stable: fields are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// How many different situations there are.
    pub situations: usize,
    /// Actions that a caller can come to.
    pub reached: usize,
    /// Actions that no caller comes to.
    pub never_reached: Vec<String>,
    /// What is wrong, each once, with the shortest way to it.
    pub faults: Vec<Fault>,
    /// Whether every situation was looked at.
    pub complete: bool,
}

/// Something that is wrong with a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// One sentence.
    pub message: String,
    /// What a caller does to come there: `7 <silence>`; functions that fail and hours are told in brackets.
    pub way: String,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The call can go round for ever.
    Endless,
    /// Something is spoken that was never set.
    Unset,
    /// An answer was given and no function was told.
    Lost,
    /// There is no way on, or none that can be played.
    Broken,
}

/// More situations are not looked at.
const MOST_SITUATIONS: usize = 100_000;

/// Searches all ways through the first of the flows. `given` are attributes that are set before; `answers` those that
/// must not be lost, where the flows do not say so themselves by handing them to a function.
pub fn cover(
    flows: &[Flow],
    contact: &Contact,
    given: &BTreeMap<String, String>,
    answers: &[String],
) -> Coverage {
    let answers: Vec<String> = handed_on(flows).union(&answers.iter().cloned().collect()).cloned().collect();
    let mut search = Search {
        liveness: Liveness::new(flows),
        classes: Classes::of(flows),
        situations: BTreeMap::new(),
        ways: Vec::new(),
        edges: Vec::new(),
        waiting: VecDeque::new(),
        reached: BTreeSet::new(),
        faults: BTreeMap::new(),
        complete: true,
    };
    for attributes in starts(flows, given) {
        if let Some(call) = Call::new(flows, contact, attributes, &answers) {
            search.waiting.push_back((call.with_luck(), None, None));
        }
    }
    while let Some((call, way, from)) = search.waiting.pop_front() {
        search.visit(call, way.as_ref(), from);
    }
    search.circles();
    let all = flows.iter().enumerate().flat_map(|(place, it)| it.ids().map(move |id| (place, id.to_owned())));
    let never_reached: Vec<String> =
        all.filter(|it| search.complete && !search.reached.contains(it)).map(|(_, id)| id).collect();
    Coverage {
        situations: search.situations.len(),
        reached: search.reached.len(),
        never_reached,
        faults: search.faults.into_values().collect(),
        complete: search.complete,
    }
}

/// What a caller did, the last first.
#[derive(Debug)]
struct Way {
    word: String,
    before: Option<Rc<Way>>,
}

struct Search<'f> {
    liveness: Liveness,
    classes: Classes,
    situations: BTreeMap<State, usize>,
    /// By situation: the action, and how one comes there.
    ways: Vec<(String, Option<Rc<Way>>)>,
    edges: Vec<(usize, usize)>,
    waiting: VecDeque<(Call<'f>, Option<Rc<Way>>, Option<usize>)>,
    reached: BTreeSet<(usize, String)>,
    faults: BTreeMap<(FaultKind, String), Fault>,
    complete: bool,
}

impl<'f> Search<'f> {
    fn visit(&mut self, mut call: Call<'f>, way: Option<&Rc<Way>>, from: Option<usize>) {
        let need = call.advance();
        self.reached.extend(call.take_trail());
        for event in call.take_events() {
            if let Event::Unset { action, reference } = event {
                self.fault(
                    FaultKind::Unset,
                    format!("`{action}` speaks `{reference}`, which was never set"),
                    way,
                );
            }
        }
        let need = match need {
            Ok(need) => need,
            Err(error) => {
                let kind = match error {
                    PlayError::Endless { .. } => FaultKind::Endless,
                    PlayError::NoAction { .. } | PlayError::NoWay { .. } | PlayError::NotPlayed { .. } => {
                        FaultKind::Broken
                    }
                };
                return self.fault(kind, error.to_string(), way);
            }
        };
        if matches!(need, Need::Nothing(_)) {
            let lost: Vec<String> = call.unsaved().map(str::to_owned).collect();
            for answer in lost {
                self.fault(
                    FaultKind::Lost,
                    format!("the answer `{answer}` is given, and no function is told"),
                    way,
                );
            }
            return;
        }
        let next = self.situations.len();
        let situation = *self.situations.entry(self.liveness.reduced(&call.state)).or_insert(next);
        self.edges.extend(from.map(|it| (it, situation)));
        if situation != next {
            return;
        }
        self.ways.push((call.state.action.clone(), way.cloned()));
        if next >= MOST_SITUATIONS {
            self.complete = false;
            return;
        }
        let replies = self.replies(&call, &need);
        if let (true, Need::Result { action_type, .. }) = (replies.is_empty(), &need) {
            let action = call.state.action.clone();
            let error = PlayError::NotPlayed { action, action_type: action_type.clone() };
            self.fault(FaultKind::Broken, error.to_string(), way);
        }
        for (word, reply) in replies {
            let mut further = call.clone();
            let way = match word {
                Some(word) => Some(Rc::new(Way { word, before: way.cloned() })),
                None => way.cloned(),
            };
            match further.answer(reply) {
                Ok(()) => self.waiting.push_back((further, way, Some(situation))),
                Err(error) => self.fault(FaultKind::Broken, error.to_string(), way.as_ref()),
            }
        }
    }

    /// What can happen, and what the way is told by.
    fn replies(&self, call: &Call<'_>, need: &Need) -> Vec<(Option<String>, Reply)> {
        let pressed = |keys: String| (Some(keys.clone()), Reply::Pressed(Pressed::Keys(keys)));
        let hangs_up = || (Some("<hangup>".to_owned()), Reply::Pressed(Pressed::HangUp));
        let result = |text: &str| (Some(format!("[{text}]")), Reply::Result(text.to_owned()));
        match need {
            Need::Nothing(_) => Vec::new(),
            Need::Luck(errors) => {
                let action = &call.state.action;
                let fails = |it: &String| (Some(format!("[{action}: {it}]")), Reply::Luck(Some(it.clone())));
                std::iter::once((None, Reply::Luck(None))).chain(errors.iter().map(fails)).collect()
            }
            Need::Listener => vec![(None, Reply::Listens), hangs_up()],
            Need::Keys(input) => {
                let silence = (Some("<silence>".to_owned()), Reply::Pressed(Pressed::Silence));
                let action = call.current().ok().map(|(_, action)| action);
                let keys = self.classes.keys(input, action);
                keys.into_iter().map(pressed).chain([silence, hangs_up()]).collect()
            }
            Need::Function(_) => {
                let failed =
                    (Some("[the function fails]".to_owned()), Reply::Function(Err(FunctionError::TimedOut)));
                let answers = self.classes.answers.iter().map(|it| {
                    let is_empty = it.as_object().is_none_or(serde_json::Map::is_empty);
                    let word = (!is_empty).then(|| format!("[the function answers {it}]"));
                    (word, Reply::Function(Ok(it.clone())))
                });
                answers.chain([failed]).collect()
            }
            Need::Hours(_) => vec![
                (Some("[open]".to_owned()), Reply::Result("True".to_owned())),
                (Some("[closed]".to_owned()), Reply::Result("False".to_owned())),
            ],
            Need::Result { possible, .. } => {
                let mut all: BTreeSet<String> = possible.iter().flat_map(|it| around(it)).collect();
                if !possible.is_empty() {
                    let _ = all.insert("anything else".to_owned());
                }
                all.iter().map(|it| result(it)).collect()
            }
        }
    }

    /// Situations that lead back to themselves.
    fn circles(&mut self) {
        let mut into = vec![0_usize; self.ways.len()];
        let mut leads: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (from, to) in &self.edges {
            leads.entry(*from).or_default().push(*to);
            if let Some(count) = into.get_mut(*to) {
                *count += 1;
            }
        }
        let mut free: Vec<usize> = (0..into.len()).filter(|it| into.get(*it) == Some(&0)).collect();
        while let Some(situation) = free.pop() {
            for to in leads.remove(&situation).unwrap_or_default() {
                if let Some(count) = into.get_mut(to) {
                    *count -= 1;
                    if *count == 0 {
                        free.push(to);
                    }
                }
            }
        }
        // The first that is left stands on a circle, or behind one that begins before it.
        let left = into.iter().position(|it| *it > 0);
        if let Some((action, way)) = left.and_then(|it| self.ways.get(it).cloned()) {
            let message = format!("callers may go round through `{action}` for ever");
            self.fault(FaultKind::Endless, message, way.as_ref());
        }
    }

    fn fault(&mut self, kind: FaultKind, message: String, way: Option<&Rc<Way>>) {
        let mut words = Vec::new();
        let mut next = way;
        while let Some(way) = next {
            words.push(way.word.as_str());
            next = way.before.as_ref();
        }
        words.reverse();
        let fault = Fault { kind, message: message.clone(), way: words.join(" ") };
        let _ = self.faults.entry((kind, message)).or_insert(fault);
    }
}
