//! Which stage is followed by which.

use crate::lower::Flow;

/// Pairs of stages, the later one starting when all that point at it have ended.
pub(super) fn arrows(flow: &Flow) -> Vec<(usize, usize)> {
    let mut arrows = Vec::new();
    let _ = collect(flow, &mut arrows);
    arrows
}

/// The first and the last stages of the flow.
fn collect(flow: &Flow, arrows: &mut Vec<(usize, usize)>) -> (Vec<usize>, Vec<usize>) {
    match flow {
        Flow::Stage(stage) => (vec![*stage], vec![*stage]),
        Flow::Sequence(flows) => {
            let mut first: Option<Vec<usize>> = None;
            let mut last: Vec<usize> = Vec::new();
            for flow in flows {
                let (entries, exits) = collect(flow, arrows);
                arrows.extend(last.iter().flat_map(|from| entries.iter().map(|to| (*from, *to))));
                first = first.or(Some(entries));
                last = exits;
            }
            (first.unwrap_or_default(), last)
        }
        Flow::Parallel(flows) => {
            let (mut first, mut last) = (Vec::new(), Vec::new());
            for flow in flows {
                let (entries, exits) = collect(flow, arrows);
                first.extend(entries);
                last.extend(exits);
            }
            (first, last)
        }
    }
}
