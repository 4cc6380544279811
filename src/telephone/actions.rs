//! What each type of action does to a call.

use serde_json::Value;

use super::{
    call::{Call, Need, Outcome, Reply, Step},
    flow::{Action, plain},
    functions::{FunctionError, Invocation, external},
    input::{Input, NOTHING_TYPED, Takes},
    play::Pressed,
    references::paths,
    transcript::Event,
};

const DONE: Step = Step::Outcome(Outcome::Next);

impl<'f> Call<'f> {
    /// What the action does by itself, or what it needs.
    pub(super) fn begin(&mut self, id: &str, action: &'f Action) -> Step {
        match action.kind.as_str() {
            "MessageParticipant" => {
                self.say(id, action);
                Step::Need(Need::Listener)
            }
            "MessageParticipantIteratively" => {
                self.say_all(id, action);
                Step::Need(Need::Listener)
            }
            "GetParticipantInput" => {
                let input = Input::of(action);
                let text = self.message(id, &action.parameters);
                self.event(Event::Asked { action: id.to_owned(), text, takes: takes(&input) });
                Step::Need(Need::Keys(input))
            }
            "InvokeLambdaFunction" => Step::Need(Need::Function(Box::new(self.invocation(id, action)))),
            "CheckHoursOfOperation" => {
                let hours = action.text("HoursOfOperationId");
                Step::Need(Need::Hours(hours.map(|it| action.resource("HoursOfOperationId", &it))))
            }
            "CheckOutboundCallStatus" | "CheckMetricData" | "DistributeByPercentage" => {
                Step::Need(Need::Result {
                    action_type: action.kind.clone(),
                    possible: action.conditions.iter().map(|it| it.operand.clone()).collect(),
                })
            }
            _ => self.change(id, action),
        }
    }

    /// What the action changes of the call.
    fn change(&mut self, id: &str, action: &'f Action) -> Step {
        match action.kind.as_str() {
            "Compare" => {
                let text = action.text("ComparisonValue").unwrap_or_default();
                let value = self.resolved(id, &text, false);
                self.event(Event::Compared { action: id.to_owned(), value: value.clone() });
                Step::Outcome(Outcome::Result(value))
            }
            "Loop" => self.count(id, action),
            "UpdateContactAttributes" | "UpdateFlowAttributes" => self.set(id, action),
            "UpdateContactTextToSpeechVoice" => {
                self.state.voice = action.text("TextToSpeechVoice");
                let language = action.shown("TextToSpeechVoice", "languageCode");
                self.state.language = language.map(str::to_owned).or(self.state.language.take());
                DONE
            }
            "UpdateContactTargetQueue" => {
                let Some(queue) = action.text("QueueId").or(action.text("AgentId")) else { return failed() };
                let queue = self.resolved(id, &queue, false);
                self.state.queue = Some(action.resource("QueueId", &queue));
                DONE
            }
            "UpdateContactEventHooks" => {
                for (event, flow) in action.texts("EventHooks") {
                    let flow = self.resolved(id, &flow, false);
                    let _ = self.state.hooks.insert(event.clone(), action.resource(&event, &flow));
                }
                DONE
            }
            "Wait" => {
                let seconds = action.text("TimeLimitSeconds").and_then(|it| it.parse().ok()).unwrap_or(0);
                self.event(Event::Waited { action: id.to_owned(), seconds });
                Step::Outcome(Outcome::Result("WaitCompleted".to_owned()))
            }
            _ => self.leave(id, action),
        }
    }

    /// With what it needed.
    pub(super) fn take(&mut self, id: &str, action: &'f Action, reply: Reply) -> Step {
        match reply {
            Reply::Listens if action.kind == "MessageParticipantIteratively" => {
                self.agent();
                Step::Moved
            }
            Reply::Listens | Reply::Luck(_) => DONE,
            Reply::Pressed(pressed) => self.pressed(id, action, &pressed),
            Reply::Function(answer) => self.answered(id, action, answer),
            Reply::Result(result) => {
                self.event(Event::Compared { action: id.to_owned(), value: result.clone() });
                Step::Outcome(Outcome::Result(result))
            }
        }
    }

    fn pressed(&mut self, id: &str, action: &Action, pressed: &Pressed) -> Step {
        let input = Input::of(action);
        let keys = match pressed {
            Pressed::Keys(keys) => keys.as_str(),
            Pressed::Silence | Pressed::HangUp => "",
        };
        let action_id = id.to_owned();
        self.event(if keys.is_empty() {
            Event::Silence { action: action_id, seconds: input.seconds }
        } else {
            Event::Pressed { action: action_id, keys: keys.to_owned() }
        });
        let (typed, ended) = input.typed(keys);
        match &input.takes {
            Takes::One if typed.is_empty() => {
                Step::Outcome(Outcome::Error("InputTimeLimitExceeded".to_owned()))
            }
            Takes::One => Step::Outcome(Outcome::Result(typed)),
            Takes::Many { number, .. } => {
                let is_silence = typed.is_empty() && !ended;
                let is_number =
                    (4..=15).contains(&typed.len()) && typed.bytes().all(|it| it.is_ascii_digit());
                if *number && !is_silence && !is_number {
                    return Step::Outcome(Outcome::Error("InvalidPhoneNumber".to_owned()));
                }
                self.state.stored = Some(if is_silence { NOTHING_TYPED.to_owned() } else { typed });
                DONE
            }
        }
    }

    fn answered(&mut self, id: &str, action: &Action, answer: Result<Value, FunctionError>) -> Step {
        for reference in action.texts("LambdaInvocationAttributes").iter().flat_map(|(_, value)| paths(value))
        {
            if let Some(name) = reference.strip_prefix("Attributes.") {
                let _ = self.state.unsaved.remove(name);
            }
        }
        let response = action.parameters.get("ResponseValidation").and_then(|it| it.get("ResponseType"));
        let is_json = response.and_then(Value::as_str) == Some("JSON");
        let answer = answer.map_err(|error| error.to_string()).and_then(|it| external(&it, is_json));
        self.event(Event::Answered { action: id.to_owned(), answer: answer.clone() });
        match answer {
            Ok(fields) => {
                self.state.external = fields;
                DONE
            }
            Err(_) => failed(),
        }
    }

    fn invocation(&mut self, id: &str, action: &Action) -> Invocation {
        let function = action.text("LambdaFunctionARN").unwrap_or_default();
        let function = self.resolved(id, &function, false);
        let name = action.resource("LambdaFunctionARN", &function);
        let given = action.texts("LambdaInvocationAttributes").into_iter();
        let parameters = given.map(|(name, value)| (name, self.resolved(id, &value, false))).collect();
        let invocation = Invocation {
            action: id.to_owned(),
            function,
            name,
            parameters,
            attributes: self.state.attributes.clone(),
            contact: self.contact.clone(),
        };
        self.event(Event::Called {
            action: id.to_owned(),
            function: invocation.name.clone(),
            parameters: invocation.parameters.clone(),
        });
        invocation
    }

    fn set(&mut self, id: &str, action: &Action) -> Step {
        let is_contact = action.kind == "UpdateContactAttributes";
        let written: Vec<(String, String)> = if is_contact {
            action.texts("Attributes")
        } else {
            let flow =
                action.parameters.get("FlowAttributes").and_then(Value::as_object).into_iter().flatten();
            flow.filter_map(|(name, value)| Some((name.clone(), plain(value.get("Value")?)?))).collect()
        };
        // Whatever is set here is read as it was before.
        let values: Vec<(String, String)> = written
            .iter()
            .map(|(name, value)| (self.resolved(id, name, false), self.resolved(id, value, false)))
            .collect();
        for (name, value) in &values {
            if is_contact && self.answers.contains(name) {
                let _ = self.state.unsaved.insert(name.clone());
            }
            let into = if is_contact { &mut self.state.attributes } else { &mut self.state.flow_attributes };
            let _ = into.insert(name.clone(), value.clone());
        }
        self.event(Event::Set { action: id.to_owned(), attributes: values.into_iter().collect() });
        DONE
    }

    fn count(&mut self, id: &str, action: &Action) -> Step {
        let most = action.text("LoopCount").unwrap_or_default();
        let most: u32 = self.resolved(id, &most, false).parse().unwrap_or(0);
        let key = (self.state.flow, id.to_owned());
        let gone_on = self.state.loops.get(&key).copied().unwrap_or(0);
        let result = if gone_on < most {
            let _ = self.state.loops.insert(key, gone_on + 1);
            "ContinueLooping"
        } else {
            let _ = self.state.loops.remove(&key);
            "DoneLooping"
        };
        Step::Outcome(Outcome::Result(result.to_owned()))
    }

    fn say(&mut self, id: &str, action: &Action) {
        let text = self.message(id, &action.parameters);
        self.event(Event::Said { action: id.to_owned(), text });
    }

    fn say_all(&mut self, id: &str, action: &Action) {
        let messages =
            action.parameters.get("Messages").and_then(Value::as_array).cloned().unwrap_or_default();
        for message in messages.iter().filter_map(Value::as_object) {
            let text = self.message(id, message);
            self.event(Event::Said { action: id.to_owned(), text });
        }
    }

    /// What is said: words, words with marks, or the name of a recording.
    fn message(&mut self, id: &str, parameters: &serde_json::Map<String, Value>) -> String {
        let text = |name: &str| parameters.get(name).and_then(plain);
        if let Some(text) = text("Text").or_else(|| text("SSML")) {
            return self.resolved(id, &text, true);
        }
        let media = parameters.get("Media").and_then(|it| it.get("Uri")).and_then(plain);
        let recording = text("PromptId").or(media).unwrap_or_default();
        format!("[recording {}]", self.resolved(id, &recording, true))
    }
}

fn failed() -> Step {
    Step::Outcome(Outcome::Error("NoMatchingError".to_owned()))
}

fn takes(input: &Input) -> String {
    match &input.takes {
        Takes::Many { number: true, .. } => "a telephone number".to_owned(),
        Takes::One | Takes::Many { most: 1, .. } => "one key".to_owned(),
        Takes::Many { most, end, .. } => format!("up to {most} keys, ended by {end}"),
    }
}
