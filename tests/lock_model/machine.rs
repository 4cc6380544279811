//! What a process' next state does, as the generated machine says it.

use super::*;

impl Model {
    pub(super) fn new(machine: &str, inputs: &[Value], trouble: Trouble) -> Self {
        let machine: Value = serde_json::from_str(machine).unwrap();
        let names = machine["States"].as_object().unwrap().keys().cloned().collect();
        // The last one is the probe's.
        let inputs = inputs.iter().cloned().chain([json!({})]).collect();
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        Self {
            machine,
            names,
            inputs,
            trouble,
            texts: RefCell::new(vec![Value::Null, json!({})]),
            steps: RefCell::default(),
            asked: RefCell::default(),
            freed: RefCell::default(),
            held: RefCell::default(),
            runtime,
        }
    }

    /// The text's number.
    pub(super) fn kept(&self, text: Value) -> u16 {
        let mut texts = self.texts.borrow_mut();
        let known = texts.iter().position(|it| *it == text);
        let number = known.unwrap_or_else(|| {
            texts.push(text);
            texts.len() - 1
        });
        u16::try_from(number).unwrap()
    }

    pub(super) fn text(&self, number: u16) -> Value {
        self.texts.borrow()[usize::from(number)].clone()
    }

    pub(super) fn item(&self, lock: u16) -> Option<Item> {
        serde_json::from_value(self.text(lock)).unwrap()
    }

    pub(super) fn owner(&self, world: &World) -> Option<usize> {
        let texts = self.texts.borrow();
        let owner = texts[usize::from(world.lock)]["owner"]["S"].as_str()?;
        owner.rsplit_once('-')?.1.parse().ok()
    }

    pub(super) fn number(&self, name: &str) -> u8 {
        u8::try_from(self.names.iter().position(|it| it == name).unwrap()).unwrap()
    }

    pub(super) fn state(&self, number: u8) -> &Value {
        &self.machine["States"][&self.names[usize::from(number)]]
    }

    pub(super) fn first(&self) -> Place {
        Place::At(self.number(self.machine["StartAt"].as_str().unwrap()))
    }

    /// Whether a state is stages' work.
    pub(super) fn is_work(state: &Value) -> bool {
        state["Type"] == "Parallel" || state["Resource"].as_str().is_some_and(|it| it.contains(":batch:"))
    }

    pub(super) fn place(&self, next: &str) -> Place {
        let number = self.number(next);
        if Self::is_work(self.state(number)) { Place::Working } else { Place::At(number) }
    }

    /// The state behind the last stage.
    pub(super) fn behind_the_work(&self) -> Place {
        let mut state =
            self.machine["States"].as_object().unwrap().values().find(|it| Self::is_work(it)).unwrap();
        loop {
            let next = state["Next"].as_str().unwrap();
            state = &self.machine["States"][next];
            if !Self::is_work(state) {
                return self.place(next);
            }
        }
    }

    pub(super) fn evaluate(&self, template: &Value, bindings: &Map<String, Value>) -> Value {
        match template {
            Value::String(text) => match text.strip_prefix("{% ").and_then(|it| it.strip_suffix(" %}")) {
                None => template.clone(),
                Some(expression) => self.runtime.block_on(async {
                    evaluate_alone(expression, bindings, Clock::starting(Timestamp::UNIX_EPOCH))
                        .unwrap()
                        .unwrap()
                }),
            },
            Value::Array(items) => items.iter().map(|it| self.evaluate(it, bindings)).collect(),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(k, v)| (k.clone(), self.evaluate(v, bindings))).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => template.clone(),
        }
    }

    /// What the process' next state does to a world. The same question has the same answer.
    pub(super) fn step(&self, world: &World, process: usize, at: u8) -> Step {
        let key = (at, process, world.lock, world.processes[process].variables, world.running());
        if let Some(known) = self.steps.borrow().get(&key) {
            return *known;
        }
        let step = self.computed(world, process, at);
        let _ = self.steps.borrow_mut().insert(key, step);
        step
    }

    pub(super) fn computed(&self, world: &World, process: usize, at: u8) -> Step {
        let state = self.state(at);
        let own = &world.processes[process];
        let Value::Object(mut variables) = self.text(own.variables) else { panic!("variables") };
        let mut bindings = variables.clone();
        let context = json!({
            "Execution": {
                "Id": format!("arn-{process}"), "Name": format!("e-{process}"),
                "StartTime": "2026-11-22T12:00:00.000Z", "Input": self.inputs[process],
            },
            "State": { "EnteredTime": "2026-11-22T12:00:00.000Z" },
        });
        let _ = bindings.insert("states".to_owned(), json!({ "context": context }));
        let mut step = Step {
            lock: world.lock,
            variables: own.variables,
            to: Place::Working,
            repeated: false,
            took: false,
        };
        let next = |it: &Value| self.place(it["Next"].as_str().unwrap());
        match state["Type"].as_str().unwrap() {
            "Choice" => {
                let rules = state["Choices"].as_array().unwrap();
                let holds = |it: &&Value| self.evaluate(&it["Condition"], &bindings) == json!(true);
                step.to = match rules.iter().find(holds) {
                    Some(rule) => next(rule),
                    None => self.place(state["Default"].as_str().unwrap()),
                };
            }
            "Wait" => step.to = next(state),
            "Succeed" => {
                let output = self.evaluate(&state["Output"], &bindings);
                step.repeated = output["outcome"] == "skipped" && output.get("scheduled").is_some();
                step.to = Place::Succeeded;
            }
            "Fail" => step.to = Place::Broken(Some(at)),
            "Task" => {
                let arguments = self.evaluate(&state["Arguments"], &bindings);
                let result = match state["Resource"].as_str().unwrap().rsplit(":::").next().unwrap() {
                    "dynamodb:updateItem" => {
                        let request: UpdateItem = serde_json::from_value(arguments).unwrap();
                        match updated(&request, self.item(world.lock).as_ref()) {
                            Ok(item) => {
                                step.lock = self.kept(serde_json::to_value(&item).unwrap());
                                step.took = request.update_expression.contains("#owner = :me");
                                json!({ "Attributes": item })
                            }
                            Err(ItemStoreError::ConditionFailed) => {
                                let catchers = state["Catch"].as_array().unwrap();
                                step.to = next(
                                    catchers
                                        .iter()
                                        .find(|it| it["ErrorEquals"][0] == CONDITION_FAILED)
                                        .unwrap(),
                                );
                                return step;
                            }
                            Err(
                                other @ (ItemStoreError::Invalid(_)
                                | ItemStoreError::Unavailable(_)
                                | ItemStoreError::Damaged(_)),
                            ) => panic!("{other}"),
                        }
                    }
                    "dynamodb:getItem" => json!({ "Item": self.item(world.lock) }),
                    "aws-sdk:sfn:describeExecution" => {
                        let arn = arguments["ExecutionArn"].as_str().unwrap();
                        let asked: usize = arn.rsplit_once('-').unwrap().1.parse().unwrap();
                        let status = if world.is_running(asked) { "RUNNING" } else { "ABORTED" };
                        json!({ "Status": status })
                    }
                    other => panic!("{other}"),
                };
                bindings["states"]["result"] = result;
                for (name, template) in state.get("Assign").and_then(Value::as_object).into_iter().flatten() {
                    let value = self.evaluate(template, &bindings);
                    let _ = variables.insert(name.clone(), value);
                }
                step.variables = self.kept(Value::Object(variables));
                step.to = next(state);
            }
            other => panic!("{other}"),
        }
        step
    }

    /// The world after a process' step.
    pub(super) fn stepped(&self, world: &World, process: usize, at: u8) -> World {
        let step = self.step(world, process, at);
        let mut after = world.clone();
        after.lock = step.lock;
        let own = &mut after.processes[process];
        own.variables = step.variables;
        own.repeated |= step.repeated;
        own.took |= step.took;
        self.arrive(&mut after, process, step.to);
        after
    }
}
