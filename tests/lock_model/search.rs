//! Every world that can come of another, and what must never be.

use super::*;

impl Model {
    /// Every world that may come next, and what would have happened.
    pub(super) fn next(&self, world: &World) -> Vec<(String, World)> {
        let mut all = Vec::new();
        for process in 0..world.processes.len() {
            let own = &world.processes[process];
            let mut add = |what: &str, change: &dyn Fn(&mut World)| {
                let mut after = world.clone();
                change(&mut after);
                all.push((format!("{process} {what}"), after));
            };
            if own.events > 0 {
                add("is heard of", &|it| {
                    it.processes[process].events -= 1;
                    self.watch(it, process);
                });
            }
            match own.place {
                Place::At(at) => {
                    let what = self.names[usize::from(at)].clone();
                    add(&what, &|it| *it = self.stepped(it, process, at));
                    if world.lost > 0 && self.step(world, process, at).lock != world.lock {
                        add("loses the answer and asks again", &|it| {
                            it.lost -= 1;
                            let step = self.step(it, process, at);
                            it.lock = step.lock;
                            it.processes[process].took |= step.took;
                        });
                    }
                }
                Place::Working => {
                    if !world.jobs.iter().any(|it| usize::from(it.process) == process) {
                        let behind = self.behind_the_work();
                        add("has done its stages", &|it| self.arrive(it, process, behind));
                    }
                }
                Place::Broken(at) => {
                    if world.redrives > 0 {
                        let place = at.map_or(Place::Working, Place::At);
                        add("is redriven", &|it| {
                            it.redrives -= 1;
                            self.arrive(it, process, place);
                        });
                    }
                }
                Place::Succeeded => {}
            }
            if world.is_running(process) && world.aborts > 0 {
                add("is stopped", &|it| {
                    it.aborts -= 1;
                    break_off(it, process);
                });
            }
        }
        for (index, job) in world.jobs.iter().enumerate() {
            let mut after = world.clone();
            if !job.began {
                let (lock, held) = self.hold(world.lock, job);
                after.lock = lock;
                after.jobs[index].began = held;
                if !held {
                    let _ = after.jobs.remove(index);
                    fail(&mut after, job.process);
                }
                all.push((format!("{} begins a job with fence {}", job.process, job.fence), after));
                continue;
            }
            let known = world.written.map_or(0, |it| it.0);
            if job.fence >= known {
                after.written = Some((job.fence, job.process));
                after.jobs[index].left -= 1;
            } else {
                // Refused: the job fails, and with it its execution, if that goes on.
                after.jobs[index].left = 0;
                fail(&mut after, job.process);
            }
            after.jobs.retain(|it| it.left > 0);
            all.push((format!("{} writes with fence {}", job.process, job.fence), after));
        }
        all
    }

    /// What must never be, if it is.
    pub(super) fn broken(&self, before: &World, after: &World) -> Option<String> {
        if let (Some((before, first)), Some((fence, second))) = (before.written, after.written) {
            if fence < before {
                return Some("an older fence wrote after a newer one".to_owned());
            }
            if fence == before && first != second {
                return Some("two executions wrote with one fence".to_owned());
            }
        }
        let scheduled = |process: usize| self.inputs[process]["scheduled"].as_str();
        for (process, own) in after.processes.iter().enumerate() {
            let others = || after.processes.iter().enumerate().filter(|(it, _)| *it != process);
            let time = scheduled(process);
            if time.is_some()
                && own.worked
                && others().any(|(it, other)| other.worked && scheduled(it) == time)
            {
                return Some("a scheduled time ran twice".to_owned());
            }
            if own.repeated && !others().any(|(it, other)| other.took && scheduled(it) >= time) {
                return Some("a start was refused that nobody had made".to_owned());
            }
            let took_it = self.owner(after) == Some(process) && self.owner(before) != Some(process);
            // Between the question and the write the owner can only be redriven.
            if took_it
                && after.redrives == self.trouble.redrives
                && self.owner(before).is_some_and(|it| before.is_running(it))
            {
                return Some("the lock of a running execution was taken".to_owned());
            }
            if let Place::At(at) = own.place
                && self.is_new((at, process, after.lock, own.variables, after.running()))
                && !self.gets_somewhere(after, process)
            {
                return Some(format!("{process} goes round and round"));
            }
        }
        let free = self.owner(after).is_none_or(|it| !after.is_running(it));
        let newest = after.jobs.iter().map(|it| it.fence).max().unwrap_or_default();
        let probe = after.processes.len();
        let question = (u8::MAX, probe, after.lock, u16::try_from(newest).unwrap(), after.running());
        if free && self.is_new(question) {
            let processes = [&after.processes[..], &[starting(self.first())]].concat();
            if !self.works_at_last(&World { processes, ..after.clone() }, probe) {
                return Some("a lock whose owner has ended can't be taken".to_owned());
            }
        }
        None
    }

    /// Whether this was not asked before of such a lock and such executions.
    pub(super) fn is_new(&self, question: Question) -> bool {
        self.asked.borrow_mut().insert(question)
    }

    pub(super) fn arrive(&self, world: &mut World, process: usize, to: Place) {
        let own = &mut world.processes[process];
        own.place = to;
        match to {
            Place::Working => {
                own.worked = true;
                let variables = self.text(own.variables);
                own.variables = self.kept(json!({ "fence": variables["fence"], "run": variables["run"] }));
                let fence = variables["fence"].as_str().unwrap().parse().unwrap();
                let process = u8::try_from(process).unwrap();
                world.jobs.push(Job { process, fence, began: false, left: WRITES });
            }
            Place::Succeeded => {
                own.events += 1;
                own.variables = 1;
            }
            Place::Broken(_) => own.events += 1,
            Place::At(_) => {}
        }
    }

    /// What `watch` asks of the lock, by the request that it makes.
    pub(super) fn watch(&self, world: &mut World, process: usize) {
        let question = (world.lock, process);
        let known = self.freed.borrow().get(&question).copied();
        world.lock = known.unwrap_or_else(|| {
            let store = OneItem(Mutex::new(self.item(world.lock)));
            let _ = RunsTable::new(&store, "runs").free_lock("greece", &format!("arn-{process}")).unwrap();
            let after = self.kept(serde_json::to_value(&*store.0.lock().unwrap()).unwrap());
            let _ = self.freed.borrow_mut().insert(question, after);
            after
        });
    }

    /// What a job asks of the lock before it does anything, by the request that it makes: the lock, and whether its
    /// execution holds it.
    pub(super) fn hold(&self, lock: u16, job: &Job) -> (u16, bool) {
        let question = (lock, job.process, job.fence);
        let known = self.held.borrow().get(&question).copied();
        known.unwrap_or_else(|| {
            let store = OneItem(Mutex::new(self.item(lock)));
            let execution = format!("arn-{}", job.process);
            let holder = Holder { execution: &execution, run: "r", fence: job.fence.into() };
            let hold = RunsTable::new(&store, "runs").hold_lock("greece", holder, "now").unwrap();
            let after = self.kept(serde_json::to_value(&*store.0.lock().unwrap()).unwrap());
            let owner = self.text(after)["owner"]["S"].clone();
            assert_eq!(
                owner == execution.as_str(),
                hold == Hold::Held,
                "a job begins if its execution holds the lock"
            );
            let answer = (after, hold == Hold::Held);
            let _ = self.held.borrow_mut().insert(question, answer);
            answer
        })
    }

    /// Whether the process, alone, comes to its stages, to an end or to waiting for another.
    pub(super) fn gets_somewhere(&self, world: &World, process: usize) -> bool {
        let mut world = world.clone();
        for _ in 0..FAR {
            match world.processes[process].place {
                Place::At(at) if self.state(at)["Type"] != "Wait" => {
                    world = self.stepped(&world, process, at);
                }
                Place::At(_) | Place::Working | Place::Succeeded | Place::Broken(_) => {
                    return true;
                }
            }
        }
        false
    }

    pub(super) fn works_at_last(&self, world: &World, process: usize) -> bool {
        let mut world = world.clone();
        for _ in 0..FAR {
            let Place::At(at) = world.processes[process].place else { break };
            world = self.stepped(&world, process, at);
        }
        let fence = world.jobs.last().map_or(0, |it| it.fence);
        world.processes[process].worked
            && world.jobs[..world.jobs.len() - 1].iter().all(|it| it.fence < fence)
    }

    /// Every world that can be, or the way to one that must not be.
    pub(super) fn explore(&self) -> Result<usize, Vec<String>> {
        // Whether an execution starts late or its first state takes long is the same.
        let processes = vec![starting(self.first()); self.inputs.len() - 1];
        let start = World {
            lock: 0,
            processes,
            jobs: Vec::new(),
            written: None,
            aborts: self.trouble.aborts,
            redrives: self.trouble.redrives,
            lost: self.trouble.lost,
        };
        let mut seen = HashSet::from([start.clone()]);
        let mut ways: Vec<(usize, String)> = vec![(0, String::new())];
        let mut open = VecDeque::from([(0_usize, start)]);
        while let Some((index, world)) = open.pop_front() {
            for (what, after) in self.next(&world) {
                let wrong = self.broken(&world, &after);
                if wrong.is_none() && !seen.insert(after.clone()) {
                    continue;
                }
                ways.push((index, what));
                if let Some(wrong) = wrong {
                    let mut way = vec![wrong];
                    let mut at = ways.len() - 1;
                    while at > 0 {
                        way.insert(0, ways[at].1.clone());
                        at = ways[at].0;
                    }
                    return Err(way);
                }
                open.push_back((ways.len() - 1, after));
            }
        }
        Ok(seen.len())
    }
}
