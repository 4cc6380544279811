//! The states around the lock: one conditional write takes it, and a lock whose owner has ended is taken over.
//!
//! No state waits for a lease to run out: who holds the lock is an execution, and an execution can be asked for.
//!
//! The same write starts a scheduled time once. Schedules deliver at least once, and the time has colons, which an
//! execution's name may not have; so the lock keeps the last scheduled time that was started and who started it,
//! and refuses another execution a time that is not later. Times are UTC in one width, which compare as texts. A
//! start by hand has no time and is never refused for it: it compares as later than all and is kept elsewhere.

use indexmap::IndexMap;
use sluice_contract::{
    dynamodb::{AttributeValue, GetItem, Item, ReturnValues, UpdateItem},
    error_name,
    runs::{LOCK, key, names, partition},
};

use super::{
    build::States,
    expression::Expression,
    model::{
        Call, Catcher, Choice, ChoiceRule, DescribeExecution, Fail, JitterStrategy, Nothing, Retrier, State,
        Succeed, Task, Transition, Wait,
    },
    name::StateName,
};
use crate::{lower::PipelinePlan, model::Overlap, targets::resources::Resources};

const TAKE: &str = "Take the lock";
const FIND_OWNER: &str = "Find who holds the lock";
const WHY: &str = "Why was it refused";
const STARTED_BEFORE: &str = "This start was made before";
const DESCRIBE: &str = "Ask for the run that holds it";
const STILL_RUNNING: &str = "Does that run go on";
const TAKE_OVER: &str = "Take the lock over";
const OVERLAP: &str = "Another run goes on";
const FREE: &str = "Free the lock";
const PUBLISHED: &str = "Published";

/// This start is later than all that were made, or this execution made it.
const NOT_STARTED: &str =
    "(attribute_not_exists(#scheduled) OR #scheduled < :scheduled OR #scheduled_by = :me)";

/// Seconds between two looks at a lock that `overlap wait` waits for.
const WAIT_SECONDS: u32 = 60;

/// The name of the machine's first state.
pub(super) fn first() -> StateName {
    StateName::trusted(TAKE)
}

/// The name of the state behind the last stage.
pub(super) fn last() -> StateName {
    StateName::trusted(FREE)
}

/// Adds the states that take the lock and then go to `next`.
pub(super) fn take(states: &mut States, pipeline: &PipelinePlan, resources: Resources<'_>, next: &StateName) {
    let held = |next: &str| Catcher {
        error_equals: vec![error_name::CONDITION_FAILED],
        next: StateName::trusted(next),
    };
    let lock = Lock { pipeline, resources };
    states.add(
        TAKE,
        State::Task(Box::new(Task {
            comment: Some("The fence grows with every taking; the databases refuse an older one.".to_owned()),
            catch: vec![held(FIND_OWNER)],
            assign: fence_and_run(),
            ..task(
                Call::UpdateItem(lock.take(
                    &format!("#owner = :me OR (attribute_not_exists(#owner) AND {NOT_STARTED})"),
                    None,
                )),
                next.clone(),
            )
        })),
    );
    states.add(
        FIND_OWNER,
        State::Task(Box::new(Task {
            assign: IndexMap::from([
                ("holder", Expression::read_text("owner")),
                ("started_before", Expression::read_is_started_by_another()),
            ]),
            ..task(Call::GetItem(lock.read()), StateName::trusted(WHY))
        })),
    );
    states.add(
        WHY,
        State::Choice(Choice {
            choices: vec![
                ChoiceRule {
                    condition: Expression::variable("started_before"),
                    next: StateName::trusted(STARTED_BEFORE),
                },
                ChoiceRule { condition: Expression::is_empty("holder"), next: first() },
            ],
            default: StateName::trusted(DESCRIBE),
        }),
    );
    states.add(
        STARTED_BEFORE,
        State::Succeed(Succeed {
            output: IndexMap::from([
                ("outcome", "skipped".to_owned()),
                ("scheduled", Expression::scheduled().into()),
            ]),
        }),
    );
    let describe =
        Call::DescribeExecution(DescribeExecution { execution_arn: Expression::variable("holder") });
    states.add(
        DESCRIBE,
        State::Task(Box::new(Task {
            retry: vec![retrier(&error_name::EXECUTION_STORE_STUMBLES)],
            catch: vec![Catcher {
                error_equals: vec![error_name::EXECUTION_MISSING],
                next: StateName::trusted(TAKE_OVER),
            }],
            assign: IndexMap::from([("holder_status", Expression::result("Status"))]),
            ..task(describe, StateName::trusted(STILL_RUNNING))
        })),
    );
    states.add(
        STILL_RUNNING,
        State::Choice(Choice {
            choices: vec![ChoiceRule {
                condition: Expression::is_one_of("holder_status", &["RUNNING", "PENDING_REDRIVE"]),
                next: StateName::trusted(OVERLAP),
            }],
            default: StateName::trusted(TAKE_OVER),
        }),
    );
    states.add(
        TAKE_OVER,
        State::Task(Box::new(Task {
            comment: Some(
                "Only from the run that was asked for: of two that try, one is refused.".to_owned(),
            ),
            catch: vec![held(FIND_OWNER)],
            assign: fence_and_run(),
            ..task(
                Call::UpdateItem(lock.take(&format!("#owner = :holder AND {NOT_STARTED}"), Some("holder"))),
                next.clone(),
            )
        })),
    );
    states.add(OVERLAP, overlap(pipeline));
}

/// Adds the states behind the last stage.
pub(super) fn free(states: &mut States, pipeline: &PipelinePlan, resources: Resources<'_>) {
    let lock = Lock { pipeline, resources };
    let published = StateName::trusted(PUBLISHED);
    states.add(
        FREE,
        State::Task(Box::new(Task {
            // A lock that was taken over is another's to free, and everything is published by now.
            catch: vec![Catcher {
                error_equals: vec![error_name::CONDITION_FAILED],
                next: published.clone(),
            }],
            ..task(Call::UpdateItem(lock.free()), published)
        })),
    );
    let output = IndexMap::from([
        ("outcome", "published".to_owned()),
        ("run", Expression::variable("run").into()),
        ("fence", Expression::variable("fence").into()),
    ]);
    states.add(PUBLISHED, State::Succeed(Succeed { output }));
}

fn overlap(pipeline: &PipelinePlan) -> State {
    match pipeline.overlap {
        Overlap::Skip => State::Succeed(Succeed {
            output: IndexMap::from([
                ("outcome", "skipped".to_owned()),
                ("holder", Expression::variable("holder").into()),
            ]),
        }),
        Overlap::Wait => State::Wait(Wait { seconds: WAIT_SECONDS, transition: Transition::Next(first()) }),
        Overlap::Fail => State::Fail(Fail {
            error: error_name::OVERLAP,
            cause: format!("another run of {} goes on, and `overlap fail` is set", pipeline.name),
        }),
    }
}

fn task(call: Call, next: StateName) -> Task {
    Task {
        comment: None,
        call,
        timeout_seconds: None,
        retry: vec![retrier(&error_name::ITEM_STORE_STUMBLES)],
        catch: Vec::new(),
        assign: IndexMap::new(),
        output: Nothing {},
        transition: Transition::Next(next),
    }
}

/// A service that stumbles for a moment must not fail a run of hours.
fn retrier(errors: &[&'static str]) -> Retrier {
    Retrier {
        error_equals: errors.to_vec(),
        interval_seconds: 1,
        max_attempts: 6,
        backoff_rate: 2,
        max_delay_seconds: 30,
        jitter_strategy: JitterStrategy::Full,
    }
}

fn fence_and_run() -> IndexMap<&'static str, Expression> {
    IndexMap::from([("fence", Expression::returned_number("fence")), ("run", Expression::run())])
}

/// The requests on one pipeline's lock.
struct Lock<'a> {
    pipeline: &'a PipelinePlan,
    resources: Resources<'a>,
}

impl Lock<'_> {
    fn take(&self, condition: &str, holder: Option<&str>) -> UpdateItem {
        let mut values = Item::from([
            (":me".to_owned(), AttributeValue::S(Expression::execution_id().into())),
            (":run".to_owned(), AttributeValue::S(Expression::run().into())),
            (":now".to_owned(), AttributeValue::S(Expression::entered_at().into())),
            (":scheduled".to_owned(), AttributeValue::S(Expression::scheduled().into())),
            (":one".to_owned(), AttributeValue::from(1)),
        ]);
        if let Some(variable) = holder {
            drop(
                values.insert(":holder".to_owned(), AttributeValue::S(Expression::variable(variable).into())),
            );
        }
        let mut attributes = names(&["owner", "run", "since", "fence", "scheduled", "scheduled_by"]);
        attributes.extend([
            ("#start".to_owned(), Expression::if_scheduled("scheduled", "by_hand").into()),
            ("#starter".to_owned(), Expression::if_scheduled("scheduled_by", "by_hand_by").into()),
        ]);
        UpdateItem {
            update_expression: "SET #owner = :me, #run = :run, #since = :now, #start = :scheduled, \
                                #starter = :me ADD #fence :one"
                .to_owned(),
            condition_expression: Some(condition.to_owned()),
            expression_attribute_names: attributes,
            expression_attribute_values: values,
            return_values: Some(ReturnValues::AllNew),
            ..self.update()
        }
    }

    fn free(&self) -> UpdateItem {
        UpdateItem {
            update_expression: "REMOVE #owner, #run, #since".to_owned(),
            condition_expression: Some("#owner = :me".to_owned()),
            expression_attribute_names: names(&["owner", "run", "since"]),
            expression_attribute_values: Item::from([(
                ":me".to_owned(),
                AttributeValue::S(Expression::execution_id().into()),
            )]),
            ..self.update()
        }
    }

    fn read(&self) -> GetItem {
        GetItem { table_name: self.resources.runs_table(), key: self.key(), consistent_read: Some(true) }
    }

    fn update(&self) -> UpdateItem {
        UpdateItem {
            table_name: self.resources.runs_table(),
            key: self.key(),
            update_expression: String::new(),
            condition_expression: None,
            expression_attribute_names: names(&[]),
            expression_attribute_values: Item::new(),
            return_values: None,
        }
    }

    fn key(&self) -> Item {
        key(&partition(&self.pipeline.name), LOCK)
    }
}
