//! From "what needs what" to sequences and parallel branches, the only orders that a state machine can write.
//!
//! The decomposition is that of series-parallel orders: where the stages fall into groups that nothing relates,
//! the groups run side by side; where they fall into groups of which every stage of one precedes every stage of
//! the next, the groups run one after the other. An order that is neither (the letter N) is cut behind its first
//! stages: right, at the price of a wait that the data did not ask for. Tables of which each comes after one other at
//! most never form it; among tables that each come after up to three others, 12 of 100 pairs of stages that could
//! run side by side are kept in turn (the tests measure it).
//! (Valdes, Tarjan, Lawler: "The recognition of series parallel digraphs", 1982.)

/// An order of stages, by index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flow {
    /// One stage.
    Stage(usize),
    /// One after the other.
    Sequence(Vec<Flow>),
    /// Side by side.
    Parallel(Vec<Flow>),
}

/// The order of stages `0..needs.len()`, of which each stands behind those it needs.
///
/// INVARIANT: every number in `needs[n]` is smaller than `n`; the model's cycle check and sort see to that.
pub(super) fn decompose(needs: &[Vec<usize>]) -> Flow {
    let order = Order::new(needs);
    order.decompose(&(0..needs.len()).collect::<Vec<_>>())
}

struct Order {
    /// For each stage, whether it waits for each other one, directly or not.
    waits: Vec<Vec<bool>>,
}

impl Order {
    fn new(needs: &[Vec<usize>]) -> Self {
        let mut waits: Vec<Vec<bool>> = Vec::with_capacity(needs.len());
        for direct in needs {
            let mut row = vec![false; needs.len()];
            for &earlier in direct {
                for (to, from) in row.iter_mut().zip(waits.get(earlier).into_iter().flatten()) {
                    *to |= from;
                }
                if let Some(cell) = row.get_mut(earlier) {
                    *cell = true;
                }
            }
            waits.push(row);
        }
        Self { waits }
    }

    fn decompose(&self, stages: &[usize]) -> Flow {
        if let [only] = stages {
            return Flow::Stage(*only);
        }
        let side_by_side = groups(stages, |left, right| self.related(left, right));
        if side_by_side.len() > 1 {
            return Flow::Parallel(side_by_side.iter().map(|it| self.decompose(it)).collect());
        }
        let in_turn = groups(stages, |left, right| !self.related(left, right));
        if in_turn.len() > 1 {
            return Flow::Sequence(in_turn.iter().map(|it| self.decompose(it)).collect());
        }
        let (first, rest): (Vec<usize>, Vec<usize>) =
            stages.iter().partition(|stage| !stages.iter().any(|other| self.waits_for(**stage, *other)));
        let mut sequence = vec![self.decompose(&first)];
        match self.decompose(&rest) {
            Flow::Sequence(rest) => sequence.extend(rest),
            rest @ (Flow::Stage(_) | Flow::Parallel(_)) => sequence.push(rest),
        }
        Flow::Sequence(sequence)
    }

    fn related(&self, left: usize, right: usize) -> bool {
        self.waits_for(left, right) || self.waits_for(right, left)
    }

    fn waits_for(&self, later: usize, earlier: usize) -> bool {
        self.waits.get(later).and_then(|row| row.get(earlier)).copied().unwrap_or(false)
    }
}

/// The connected groups of `stages` under `joined`, each sorted, by their first stage.
fn groups(stages: &[usize], joined: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut groups = Vec::new();
    let mut left: Vec<usize> = stages.to_vec();
    while let Some(first) = left.first().copied() {
        left.retain(|it| *it != first);
        let mut group = vec![first];
        let mut seen = 0;
        while let Some(stage) = group.get(seen).copied() {
            seen += 1;
            let (near, far): (Vec<usize>, Vec<usize>) = left.iter().partition(|it| joined(stage, **it));
            group.extend(near);
            left = far;
        }
        group.sort_unstable();
        groups.push(group);
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

    use super::{Flow, Order, decompose};

    /// `[a b]` in turn, `(a | b)` side by side.
    fn show(flow: &Flow) -> String {
        let all = |flows: &[Flow], between: &str| flows.iter().map(show).collect::<Vec<_>>().join(between);
        match flow {
            Flow::Stage(stage) => stage.to_string(),
            Flow::Sequence(flows) => format!("[{}]", all(flows, " ")),
            Flow::Parallel(flows) => format!("({})", all(flows, " | ")),
        }
    }

    #[test]
    fn a_chain_is_a_sequence() {
        assert_eq!(show(&decompose(&[vec![], vec![0], vec![1]])), "[0 1 2]");
    }

    #[test]
    fn independent_tables_run_side_by_side_after_cleanup() {
        let needs = [vec![], vec![0], vec![1], vec![0], vec![3]];
        assert_eq!(show(&decompose(&needs)), "[0 ([1 2] | [3 4])]");
    }

    #[test]
    fn a_diamond_is_written_without_a_cut() {
        assert_eq!(show(&decompose(&[vec![], vec![0], vec![0], vec![1, 2]])), "[0 (1 | 2) 3]");
    }

    #[test]
    fn the_letter_n_is_cut_behind_its_first_stages() {
        assert_eq!(show(&decompose(&[vec![], vec![], vec![0], vec![0, 1]])), "[(0 | 1) (2 | 3)]");
    }

    /// For every stage, those that have ended for sure when it starts.
    fn ended_before(flow: &Flow, before: &[usize], out: &mut Vec<(usize, Vec<usize>)>) -> Vec<usize> {
        match flow {
            Flow::Stage(stage) => {
                out.push((*stage, before.to_vec()));
                vec![*stage]
            }
            Flow::Sequence(flows) => {
                let mut ended = Vec::new();
                for flow in flows {
                    let so_far = [before, &ended].concat();
                    ended.extend(ended_before(flow, &so_far, out));
                }
                ended
            }
            Flow::Parallel(flows) => flows.iter().flat_map(|it| ended_before(it, before, out)).collect(),
        }
    }

    fn any_order() -> impl Strategy<Value = Vec<Vec<usize>>> {
        (1_usize..12).prop_flat_map(|count| {
            proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..4), count).prop_map(|rows| {
                rows.iter()
                    .enumerate()
                    .map(|(stage, picks)| {
                        let mut needs: Vec<_> = picks
                            .iter()
                            .filter(|_| stage > 0)
                            .map(|it| usize::from(*it) % stage.max(1))
                            .collect();
                        needs.sort_unstable();
                        needs.dedup();
                        needs
                    })
                    .collect()
            })
        })
    }

    /// Chains of stages behind a first one, as tables are; each behind the ends of some earlier ones.
    fn tables(most_after: usize) -> impl Strategy<Value = Vec<Vec<usize>>> {
        let table = (1_usize..6, proptest::collection::vec(any::<u8>(), 0..=most_after));
        proptest::collection::vec(table, 1..9).prop_map(|tables| {
            let mut needs = vec![Vec::new()];
            let mut ends: Vec<usize> = Vec::new();
            for (length, picks) in tables {
                let pick = |it: &u8| ends.get(usize::from(*it) % ends.len().max(1)).copied();
                let mut after: Vec<usize> = picks.iter().filter_map(pick).collect();
                after.sort_unstable();
                after.dedup();
                needs.push(if after.is_empty() { vec![0] } else { after });
                for _ in 1..length {
                    needs.push(vec![needs.len() - 1]);
                }
                ends.push(needs.len() - 1);
            }
            needs
        })
    }

    /// Pairs of stages that the data leaves free, and those of them that the flow keeps in turn.
    fn free_and_lost(needs: &[Vec<usize>]) -> (usize, usize) {
        let order = Order::new(needs);
        let mut starts = Vec::new();
        let _ = ended_before(&decompose(needs), &[], &mut starts);
        let kept = |left: usize, right: usize| {
            starts.iter().any(|(stage, before)| *stage == left && before.contains(&right))
        };
        let (mut free, mut lost) = (0, 0);
        for left in 0..needs.len() {
            for right in (0..left).filter(|right| !order.related(left, *right)) {
                free += 1;
                lost += usize::from(kept(left, right) || kept(right, left));
            }
        }
        (free, lost)
    }

    #[test]
    fn little_is_lost_where_tables_come_after_several() {
        let mut runner = TestRunner::deterministic();
        let (mut free, mut lost) = (0, 0);
        for _ in 0..500 {
            let needs = tables(3).new_tree(&mut runner).unwrap().current();
            let (more_free, more_lost) = free_and_lost(&needs);
            (free, lost) = (free + more_free, lost + more_lost);
        }
        assert_eq!(lost * 100 / free, 12, "{lost} of {free}: correct what stands above");
    }

    proptest! {
        #[test]
        fn tables_that_come_after_one_other_lose_nothing(needs in tables(1)) {
            prop_assert_eq!(free_and_lost(&needs).1, 0);
        }

        #[test]
        fn no_stage_starts_before_what_it_needs_and_each_runs_once(needs in any_order()) {
            let mut starts = Vec::new();
            let mut all = ended_before(&decompose(&needs), &[], &mut starts);
            all.sort_unstable();
            prop_assert_eq!(all, (0..needs.len()).collect::<Vec<_>>());
            for (stage, before) in starts {
                for need in &needs[stage] {
                    prop_assert!(before.contains(need), "{} starts before {}", stage, need);
                }
            }
        }
    }
}
