//! What the service takes as the parameters of each action type.
//!
//! Lists are open: exports of the console have parameters that no document names, so one that is not here is doubted
//! and not refused. Those that are known to be refused are named.

/// The parameters of one action type.
#[derive(Debug, Clone, Copy)]
pub struct Parameters {
    /// `Compare`.
    pub action_type: &'static str,
    /// Those that are known.
    pub known: &'static [Parameter],
    /// Whether there are no others.
    pub closed: bool,
    /// Those that are refused, and the one that is meant.
    pub refused: &'static [(&'static str, Option<&'static str>)],
    /// Exactly one of these is given.
    pub one_of: &'static [&'static str],
}

/// One parameter.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// `LoopCount`.
    pub name: &'static str,
    /// Whether the service refuses the action without it.
    pub required: bool,
    /// What it can be.
    pub value: Accepts,
}

/// What a value can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// Nothing is held against it.
    Anything,
    /// A text, which may be a reference.
    Text,
    /// A text that is said.
    Spoken,
    /// A whole number between these as a text, or a reference.
    Number(u32, u32),
    /// The same, and the service takes it as a JSON number, too.
    PlainNumber(u32, u32),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A reference and nothing else.
    Reference,
    /// An object of texts.
    Texts,
    /// An object.
    Object,
    /// An object with exactly one field.
    OneField,
    /// A list.
    List,
}

const FLAG: Accepts = Accepts::OneOf(&["True", "False"]);

const fn may(name: &'static str, value: Accepts) -> Parameter {
    Parameter { name, required: false, value }
}

const fn must(name: &'static str, value: Accepts) -> Parameter {
    Parameter { name, required: true, value }
}

const fn of(action_type: &'static str, known: &'static [Parameter]) -> Parameters {
    Parameters { action_type, known, closed: false, refused: &[], one_of: &[] }
}

const fn none(action_type: &'static str) -> Parameters {
    Parameters { closed: true, ..of(action_type, &[]) }
}

const SPOKEN: &[&str] = &["Text", "SSML", "PromptId", "Media"];

const PARAMETERS: &[Parameters] = &[
    Parameters {
        one_of: SPOKEN,
        ..of(
            "MessageParticipant",
            &[
                may("Text", Accepts::Spoken),
                may("SSML", Accepts::Spoken),
                may("PromptId", Accepts::Text),
                may("Media", Accepts::Object),
                may("SkipWhenDTMFBufferEnabled", Accepts::Anything),
            ],
        )
    },
    of(
        "MessageParticipantIteratively",
        &[must("Messages", Accepts::List), may("InterruptFrequencySeconds", Accepts::Anything)],
    ),
    Parameters {
        one_of: SPOKEN,
        ..of(
            "GetParticipantInput",
            &[
                may("Text", Accepts::Spoken),
                may("SSML", Accepts::Spoken),
                may("PromptId", Accepts::Text),
                may("Media", Accepts::Object),
                must("StoreInput", FLAG),
                must("InputTimeLimitSeconds", Accepts::PlainNumber(1, 180)),
                may("InputValidation", Accepts::Object),
                may("DTMFConfiguration", Accepts::Object),
                may("InputEncryption", Accepts::Object),
            ],
        )
    },
    none("DisconnectParticipant"),
    none("TransferContactToQueue"),
    of(
        "UpdateContactAttributes",
        &[must("Attributes", Accepts::Texts), may("TargetContact", Accepts::OneOf(&["Current", "Related"]))],
    ),
    of("UpdateFlowAttributes", &[must("FlowAttributes", Accepts::Object)]),
    Parameters {
        one_of: &["QueueId", "AgentId"],
        ..of("UpdateContactTargetQueue", &[may("QueueId", Accepts::Text), may("AgentId", Accepts::Text)])
    },
    Parameters {
        refused: &[("RequestAttributes", Some("LambdaInvocationAttributes"))],
        ..of(
            "InvokeLambdaFunction",
            &[
                must("LambdaFunctionARN", Accepts::Text),
                may("InvocationTimeLimitSeconds", Accepts::PlainNumber(1, 8)),
                may("LambdaInvocationAttributes", Accepts::Texts),
                may("ResponseValidation", Accepts::Object),
                may("InvocationType", Accepts::OneOf(&["SYNCHRONOUS", "ASYNCHRONOUS"])),
            ],
        )
    },
    of("InvokeFlowModule", &[must("FlowModuleId", Accepts::Text)]),
    of("Compare", &[must("ComparisonValue", Accepts::Reference)]),
    of("CheckHoursOfOperation", &[may("HoursOfOperationId", Accepts::Text)]),
    of("CheckMetricData", &[must("MetricType", Accepts::Text)]),
    of("Loop", &[must("LoopCount", Accepts::PlainNumber(0, 100))]),
    Parameters {
        refused: &[("TimeoutSeconds", Some("TimeLimitSeconds"))],
        ..of(
            "Wait",
            &[must("TimeLimitSeconds", Accepts::PlainNumber(0, 604_800)), may("Events", Accepts::List)],
        )
    },
    of("TransferToFlow", &[must("ContactFlowId", Accepts::Text)]),
    of("UpdateContactEventHooks", &[must("EventHooks", Accepts::OneField)]),
    of("UpdateFlowLoggingBehavior", &[must("FlowLoggingBehavior", Accepts::OneOf(&["Enabled", "Disabled"]))]),
    Parameters {
        refused: &[
            ("VoiceId", Some("TextToSpeechVoice")),
            ("Engine", Some("TextToSpeechEngine")),
            ("LanguageCode", None),
        ],
        ..of(
            "UpdateContactTextToSpeechVoice",
            &[
                must("TextToSpeechVoice", Accepts::Text),
                may("TextToSpeechEngine", Accepts::Text),
                may("TextToSpeechStyle", Accepts::Text),
            ],
        )
    },
    of("UpdateContactCallbackNumber", &[must("CallbackNumber", Accepts::Reference)]),
    Parameters {
        one_of: &["QueuePriority", "QueueTimeAdjustmentSeconds"],
        ..of(
            "UpdateContactRoutingBehavior",
            &[may("QueuePriority", Accepts::Anything), may("QueueTimeAdjustmentSeconds", Accepts::Anything)],
        )
    },
];

/// The parameters of that type; none where nothing is known of them.
pub fn find(action_type: &str) -> Option<&'static Parameters> {
    PARAMETERS.iter().find(|it| it.action_type == action_type)
}

/// Inside `DTMFConfiguration`.
pub const DTMF: &[Parameter] =
    &[may("DisableCancelKey", FLAG), may("InterdigitTimeLimitSeconds", Accepts::PlainNumber(1, 20))];

/// Inside `CustomValidation`.
pub const CUSTOM_VALIDATION: &[Parameter] = &[must("MaximumLength", Accepts::PlainNumber(1, 20))];

/// Inside `PhoneNumberValidation`.
pub const PHONE_NUMBER_VALIDATION: &[Parameter] =
    &[must("NumberFormat", Accepts::OneOf(&["Local", "E164"])), may("CountryCode", Accepts::Text)];

/// Inside `ResponseValidation`.
pub const RESPONSE_VALIDATION: &[Parameter] =
    &[must("ResponseType", Accepts::OneOf(&["STRING_MAP", "JSON"]))];
