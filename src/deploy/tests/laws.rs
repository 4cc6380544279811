//! What holds for every deployment.

use proptest::prelude::*;
use serde_json::json;

use super::{
    Yes, pipeline, platform, program, survey,
    twin::{Hand, World},
};
use crate::deploy::{
    Cloud, Desired, Ending, Key, Kind, Operator, Options, Plan, Problem, Progress, Step, Trouble, Unit,
    deploy, look,
};

fn run(desired: &Desired, hand: &Hand<'_>) -> bool {
    deploy(desired, hand, &Options::default(), &Yes).is_ok() && hand.survived()
}

/// Programs of up to three pipelines and a survey, in some versions.
fn programs() -> impl Strategy<Value = Desired> {
    let pipelines = prop::collection::btree_map("[abc]", (0_u8..6, any::<bool>()), 0..4);
    (pipelines, prop::option::of(0_u8..3), 0_u8..2).prop_map(|(pipelines, asks, version)| {
        let pipelines = pipelines.into_iter().map(|(name, (version, on))| pipeline(&name, version, on));
        let units =
            std::iter::once(platform(version)).chain(pipelines).chain(asks.map(|it| survey("ask", it)));
        Desired { units: units.collect() }
    })
}

/// The account that a program alone leads to, but for earlier plans of its pipelines.
fn alone(desired: &Desired) -> World {
    let world = World::default();
    assert!(run(desired, &world.hand()));
    world
}

fn without_plans(world: &World) -> impl PartialEq + std::fmt::Debug + use<> {
    let (mut things, marks) = world.things();
    things.retain(|key, _| key.kind != Kind::Object);
    (things, marks)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn after_a_deployment_there_is_nothing_to_do(before in programs(), after in programs()) {
        let world = World::default();
        prop_assert!(run(&before, &world.hand()) && run(&after, &world.hand()));
        for refresh in [false, true] {
            let options = Options { refresh, ..Options::default() };
            let plan = look(&after, &world.hand(), &options).unwrap();
            prop_assert!(plan.is_empty() && plan.unmarked.is_empty(), "{plan:?}");
        }
        prop_assert_eq!(without_plans(&world), without_plans(&alone(&after)));
    }

    #[test]
    fn a_deployment_that_died_at_any_call_is_finished_by_the_next(
        before in programs(), after in programs(), dies_at in 1_usize..60,
    ) {
        let world = World::default();
        prop_assert!(run(&before, &world.hand()));
        let survived = run(&after, &world.mortal(dies_at));
        // Its lock runs out.
        world.state().lock = None;
        prop_assert!(run(&after, &world.hand()));
        prop_assert_eq!(without_plans(&world), without_plans(&alone(&after)), "survived: {}", survived);
    }

    #[test]
    fn two_at_once_end_as_one_of_them_wants(
        before in programs(), one in programs(), other in programs(), first in any::<bool>(),
    ) {
        let world = World::default();
        prop_assert!(run(&before, &world.hand()));
        let (one_done, other_done) = std::thread::scope(|scope| {
            let one = scope.spawn(|| run(&one, &world.named("one")));
            if first { std::thread::yield_now(); }
            let other = run(&other, &world.named("other"));
            (one.join().unwrap(), other)
        });
        prop_assert!(one_done || other_done, "both were refused");
        let ends = [(one_done, &one), (other_done, &other)];
        let mut possible = ends.iter().filter(|(done, _)| *done).map(|(_, it)| without_plans(&alone(it)));
        prop_assert!(possible.any(|it| it == without_plans(&world)));
    }

    #[test]
    fn what_is_destroyed_leaves_nothing_of_ours_and_everything_else(desired in programs()) {
        let world = World::default();
        for (kind, name) in [(Kind::StateMachine, "theirs"), (Kind::Role, "theirs"), (Kind::Schedule, "a-2")] {
            world.put(kind, name, None, json!("theirs"));
        }
        let before = world.things();
        prop_assert!(run(&desired, &world.hand()) && run(&Desired::default(), &world.hand()));
        prop_assert_eq!(world.things(), before);
    }

    #[test]
    fn what_was_changed_by_hand_is_seen_and_mended(desired in programs(), which in any::<prop::sample::Index>()) {
        let world = alone(&desired);
        let keys: Vec<Key> = world.state().things.keys().filter(|it| it.kind != Kind::Object).cloned().collect();
        let key = which.get(&keys).clone();
        let undisturbed = world.things();
        if let Some((_, content)) = world.state().things.get_mut(&key) { *content = json!({ "says": "by hand" }); }
        let options = Options { refresh: true, ..Options::default() };
        let plan = look(&desired, &world.hand(), &options).unwrap();
        prop_assert_eq!(plan.changes.iter().map(|it| &it.key).collect::<Vec<_>>(), vec![&key]);
        prop_assert!(deploy(&desired, &world.hand(), &options, &Yes).is_ok());
        prop_assert_eq!(world.things(), undisturbed);
    }
}

fn countries(count: u8, greece: u8) -> Desired {
    let others = (0..count).map(|it| pipeline(&format!("country{it}"), 1, true));
    program(others.chain([pipeline("greece", greece, true)]).collect())
}

#[test]
fn a_changed_country_costs_as_many_calls_beside_two_as_beside_thirty() {
    let calls = [2, 30].map(|count| {
        let world = alone(&countries(count, 1));
        world.state().calls = 0;
        world.state().writes.clear();
        assert!(run(&countries(count, 2), &world.hand()));
        let state = world.state();
        let touched: Vec<_> = state.writes.iter().map(|it| it.name.clone()).collect();
        assert!(touched.iter().all(|it| it.contains("greece")), "{touched:?}");
        assert!(state.reads.iter().all(|it| it.name.contains("greece")), "{:?}", state.reads);
        state.calls
    });
    assert_eq!(calls[0], calls[1]);
}

#[test]
fn a_country_that_is_added_touches_nothing_else() {
    let world = alone(&countries(3, 1));
    world.state().writes.clear();
    let mut desired = countries(3, 1);
    desired.units.push(pipeline("malta", 1, true));
    assert!(run(&desired, &world.hand()));
    let state = world.state();
    assert!(state.writes.iter().all(|it| it.name.contains("malta")), "{:?}", state.writes);
    assert!(state.reads.is_empty(), "{:?}", state.reads);
}

#[test]
fn a_resource_of_somebody_else_is_told_and_not_touched() {
    let world = World::default();
    world.put(Kind::Role, "greece-machine", None, json!("theirs"));
    let troubles = deploy(&countries(1, 1), &world.hand(), &Options::default(), &Yes).unwrap_err();
    assert_eq!(troubles[0].error.problem, Problem::NotOurs);
    assert_eq!(troubles[0].key, Some(Key::new(Kind::Role, "greece-machine")));
    assert_eq!(world.state().things.len(), 1);
}

/// Thinks for so long that another deploys meanwhile.
struct Slow<'a>(&'a World);

impl Progress for Slow<'_> {
    fn done(&self, _: &Key, _: Step) {}
}

impl Operator for Slow<'_> {
    fn agrees(&self, _: &Plan) -> bool {
        self.0.state().lock = Some("other".to_owned());
        true
    }

    fn hears(&self, _: &Trouble) {}
}

#[test]
fn who_has_lost_the_lock_while_thinking_writes_nothing() {
    let world = World::default();
    let first = Desired { units: vec![platform(1), pipeline("a", 1, true)] };
    assert!(run(&first, &world.hand()));
    let before = world.things();
    let changed = Desired { units: vec![platform(2), pipeline("a", 2, true)] };
    for desired in [changed, Desired { units: vec![platform(2), pipeline("a", 1, true)] }, Desired::default()]
    {
        world.state().lock = None;
        let troubles = deploy(&desired, &world.hand(), &Options::default(), &Slow(&world)).unwrap_err();
        assert!(troubles.iter().all(|it| it.error.problem == Problem::LockLost), "{troubles:?}");
        assert_eq!(world.things(), before);
    }
}

#[test]
fn a_lock_that_is_held_is_told() {
    let world = alone(&countries(1, 1));
    assert!(matches!(world.named("other").lock(), Ok(crate::deploy::Locked::Taken)));
    let troubles = deploy(&countries(1, 2), &world.hand(), &Options::default(), &Yes).unwrap_err();
    assert_eq!(troubles[0].error.problem, Problem::LockLost);
}

#[test]
fn earlier_plans_stay_with_their_pipeline_and_go_with_it() {
    let world = alone(&countries(1, 1));
    assert!(run(&countries(1, 2), &world.hand()));
    let plans = |world: &World| {
        let keys = world.things().0.into_keys();
        keys.filter(|it| it.name.starts_with("plans/greece")).count()
    };
    assert_eq!(plans(&world), 2);
    assert!(run(&program(vec![pipeline("country0", 1, true)]), &world.hand()));
    assert_eq!(plans(&world), 0);
}

#[test]
fn a_target_is_all_that_is_changed() {
    let world = alone(&countries(2, 1));
    let mut desired = countries(2, 2);
    desired.units.retain(|it| it.unit != Unit::Pipeline("country0".to_owned()));
    let options = Options { targets: ["greece".to_owned()].into(), ..Options::default() };
    let plan = look(&desired, &world.hand(), &options).unwrap();
    assert!(!plan.is_empty());
    assert!(plan.changes.iter().all(|it| it.unit.name() == "greece" && it.step != Step::Delete), "{plan:?}");
    assert!(matches!(deploy(&desired, &world.hand(), &options, &Yes), Ok(Ending::Done(_))));
}
