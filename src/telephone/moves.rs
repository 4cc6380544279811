//! Actions that lead out of a flow: into the queue, another flow, a module and back, to the end.

use super::{
    call::{Call, End, Need, Outcome, Step},
    flow::Action,
    state::Stage,
    transcript::Event,
};

impl<'f> Call<'f> {
    /// Where the action leads; those that nobody on the line notices lead on.
    pub(super) fn leave(&mut self, id: &str, action: &'f Action) -> Step {
        match action.kind.as_str() {
            "TransferContactToQueue" => self.queue(id),
            "TransferToFlow" => {
                let flow = action.text("ContactFlowId").unwrap_or_default();
                let flow = self.resolved(id, &flow, false);
                self.enter(&action.resource("ContactFlowId", &flow));
                Step::Moved
            }
            "InvokeFlowModule" => {
                let module = action.text("FlowModuleId").unwrap_or_default();
                let module = action.resource("FlowModuleId", &module);
                if self.is_here(&module) {
                    self.state.stack.push((self.state.flow, id.to_owned()));
                }
                self.enter(&module);
                Step::Moved
            }
            "EndFlowModuleExecution" => {
                self.back();
                Step::Moved
            }
            "EndFlowExecution" if self.state.stage == Stage::Queue => {
                self.agent();
                Step::Moved
            }
            "DisconnectParticipant" | "EndFlowExecution" => {
                self.end(End::Disconnected);
                Step::Moved
            }
            "TransferContactToAgent" => {
                self.agent();
                Step::Moved
            }
            "TransferParticipantToThirdParty" => {
                let number = action.text("ThirdPartyPhoneNumber").unwrap_or_default();
                let number = self.resolved(id, &number, false);
                self.end(End::Number(number));
                Step::Moved
            }
            // What nobody on the line notices.
            "CompleteOutboundCall"
            | "CreateCallbackContact"
            | "CreateCase"
            | "CreateTask"
            | "ResumeContact"
            | "TagContact"
            | "UnTagContact"
            | "UpdateCase"
            | "UpdateContactCallbackNumber"
            | "UpdateContactData"
            | "UpdateContactMediaProcessing"
            | "UpdateContactMediaStreamingBehavior"
            | "UpdateContactRecordingAndAnalyticsBehavior"
            | "UpdateContactRecordingBehavior"
            | "UpdateContactRoutingBehavior"
            | "UpdateContactRoutingCriteria"
            | "UpdateFlowLoggingBehavior"
            | "UpdatePreviousContactParticipantState" => Step::Outcome(Outcome::Next),
            _ => Step::Need(Need::Result { action_type: action.kind.clone(), possible: Vec::new() }),
        }
    }

    fn queue(&mut self, id: &str) -> Step {
        let Some(queue) = self.state.queue.clone() else {
            return Step::Outcome(Outcome::Error("NoMatchingError".to_owned()));
        };
        self.event(Event::Queued { action: id.to_owned(), queue });
        match self.state.hooks.get("CustomerQueue").cloned() {
            Some(flow) if self.is_here(&flow) => {
                self.state.stage = Stage::Queue;
                self.enter(&flow);
            }
            Some(_) | None => self.agent(),
        }
        Step::Moved
    }

    /// From a module to the action behind the one that invoked it.
    fn back(&mut self) {
        let from = self.state.stack.pop();
        let next = from.and_then(|(flow, id)| {
            let action = self.flows.get(flow)?.actions.get(&id)?;
            Some((flow, action.next.clone()?))
        });
        match next {
            Some((flow, next)) => {
                self.state.flow = flow;
                self.state.action = next;
                self.state.is_lucky = false;
            }
            None => self.end(End::Disconnected),
        }
    }
}
