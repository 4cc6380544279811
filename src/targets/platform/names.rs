//! What the platform's own resources are called, beside those that other documents name, too.

use crate::targets::{arn::Arn, resources::Resources};

impl Resources<'_> {
    /// The name of the queue that events wait in for `watch`.
    pub fn events_queue(&self) -> String {
        self.name("events")
    }

    /// The name of the queue of what could not be dealt with.
    pub fn dead_letters(&self, of: &str) -> String {
        self.name(&format!("{of}-dead-letters"))
    }

    /// A queue of messages.
    pub fn queue(&self, name: &str) -> Arn {
        self.arn("sqs", name)
    }

    /// The topic of notifications.
    pub fn notifications_topic(&self) -> Arn {
        self.arn("sns", &self.name("notifications"))
    }

    /// The topic of alarms.
    pub fn alarms_topic(&self) -> Arn {
        self.arn("sns", &self.name("alarms"))
    }

    /// A rule of the platform's own.
    pub fn rule(&self, name: &str) -> Arn {
        self.arn("events", &format!("rule/{}", self.name(name)))
    }

    /// The log group of a function of the platform.
    pub fn function_logs(&self, function: &str) -> String {
        format!("/aws/lambda/{}", self.name(function))
    }

    /// A log group.
    pub fn log_group(&self, name: &str) -> Arn {
        self.arn("logs", &format!("log-group:{name}"))
    }

    /// The name of the table of answers: surveys of all platforms share it, as others read it, too.
    pub fn survey_table(&self) -> String {
        "SurveyCustomerInfo".to_owned()
    }

    /// The table of answers.
    pub fn survey_table_arn(&self) -> Arn {
        self.arn("dynamodb", &format!("table/{}", self.survey_table()))
    }

    /// The name of the table of calls that are made for surveys.
    pub fn calls_table(&self) -> String {
        self.name("calls")
    }

    /// The table of calls that are made for surveys.
    pub fn calls_table_arn(&self) -> Arn {
        self.arn("dynamodb", &format!("table/{}", self.calls_table()))
    }

    /// The group of the schedules of single calls.
    pub fn calls_group(&self) -> String {
        self.name("calls")
    }

    /// The schedules of single calls.
    pub fn call_schedules(&self) -> Arn {
        self.arn("scheduler", &format!("schedule/{}/*", self.calls_group()))
    }

    /// The role that schedules of calls call the function under.
    pub fn calls_role(&self) -> Arn {
        self.role("calls")
    }

    /// The account itself.
    pub fn root(&self) -> Arn {
        Arn::new("iam", "", self.account(), "root")
    }

    /// What Connect works under in this account, whichever instance it is.
    pub fn connect_service_role(&self) -> Arn {
        let role = "role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect_*";
        Arn::new("iam", "", self.account(), role)
    }

    /// The role of the function that calls people.
    pub fn survey_dispatch_role(&self) -> Arn {
        self.role("survey-dispatch")
    }

    /// The name of the stream of contact records.
    pub fn contacts_stream(&self) -> String {
        self.name("contacts")
    }

    /// The stream of contact records.
    pub fn contacts_stream_arn(&self) -> Arn {
        self.arn("kinesis", &format!("stream/{}", self.contacts_stream()))
    }
}
