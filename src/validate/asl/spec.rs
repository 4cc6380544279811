//! The fields of the States Language: which there are, in which query language, and what they hold.

/// How a state computes its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    JsonPath,
    Jsonata,
}

impl Language {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "JSONPath" => Some(Self::JsonPath),
            "JSONata" => Some(Self::Jsonata),
            _ => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::JsonPath => "JSONPath",
            Self::Jsonata => "JSONata",
        }
    }
}

/// When a template is computed: decides what `$states` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// There is no result.
    Before,
    /// There is a result.
    After,
    /// There is an error.
    Caught,
}

/// What a number may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) least: f64,
    pub(crate) most: f64,
    pub(crate) whole: bool,
    /// Whether a JSONata state may compute it.
    pub(crate) computed: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Shape {
    /// Checked elsewhere.
    Any,
    Text,
    /// A text that a JSONata state may compute.
    Words,
    Flag,
    Object,
    /// With at least one element.
    Array,
    Number(Bounds),
    OneOf(&'static [&'static str]),
    Path,
    PathOrNull,
    /// Where a result is put: a reference path into the input, or null.
    ResultPath,
    /// A path, or an intrinsic function that returns a text.
    WordsPath,
    Template(Moment),
    Assign(Moment),
    /// What a Pass state returns as it stands.
    Literal,
    Condition,
    Items,
    Timestamp,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    /// None for both.
    pub(crate) language: Option<Language>,
    pub(crate) shape: Shape,
}

const fn both(name: &'static str, shape: Shape) -> Spec {
    Spec { name, language: None, shape }
}

const fn path(name: &'static str, shape: Shape) -> Spec {
    Spec { name, language: Some(Language::JsonPath), shape }
}

const fn jsonata(name: &'static str, shape: Shape) -> Spec {
    Spec { name, language: Some(Language::Jsonata), shape }
}

const fn number(least: f64, most: f64) -> Shape {
    Shape::Number(Bounds { least, most, whole: true, computed: true })
}

const fn fixed(least: f64, most: f64) -> Shape {
    Shape::Number(Bounds { least, most, whole: true, computed: false })
}

const SECONDS: f64 = 99_999_999.0;
const ITEMS: f64 = 100_000_000.0;
const LANGUAGES: Shape = Shape::OneOf(&["JSONPath", "JSONata"]);

pub(crate) const MACHINE: &[Spec] = &[
    both("Comment", Shape::Text),
    both("QueryLanguage", LANGUAGES),
    both("StartAt", Shape::Text),
    both("States", Shape::Object),
    both("TimeoutSeconds", fixed(1.0, SECONDS)),
    both("Version", Shape::OneOf(&["1.0"])),
];

pub(crate) const BRANCH: &[Spec] =
    &[both("Comment", Shape::Text), both("StartAt", Shape::Text), both("States", Shape::Object)];

pub(crate) const PROCESSOR: &[Spec] = &[both("ProcessorConfig", Shape::Object)];

pub(crate) const PROCESSOR_CONFIG: &[Spec] = &[
    both("ExecutionType", Shape::OneOf(&["STANDARD", "EXPRESS"])),
    both("Mode", Shape::OneOf(&["INLINE", "DISTRIBUTED"])),
];

/// What every state has.
pub(crate) const STATE: &[Spec] =
    &[both("Comment", Shape::Text), both("QueryLanguage", LANGUAGES), both("Type", Shape::Any)];

const ONWARD: &[Spec] = &[both("End", Shape::Flag), both("Next", Shape::Text)];
const FAILING: &[Spec] = &[both("Catch", Shape::Any), both("Retry", Shape::Any)];
const IN_OUT: &[Spec] = &[path("InputPath", Shape::PathOrNull), path("OutputPath", Shape::PathOrNull)];
const RESULT: &[Spec] = &[
    path("ResultPath", Shape::ResultPath),
    path("ResultSelector", Shape::Template(Moment::After)),
    both("Assign", Shape::Assign(Moment::After)),
    jsonata("Output", Shape::Template(Moment::After)),
];
const PLAIN: &[Spec] =
    &[both("Assign", Shape::Assign(Moment::Before)), jsonata("Output", Shape::Template(Moment::Before))];
const OUTPUT: &[Spec] = &[jsonata("Output", Shape::Template(Moment::Before))];
const ARGUMENTS: &[Spec] = &[
    jsonata("Arguments", Shape::Template(Moment::Before)),
    path("Parameters", Shape::Template(Moment::Before)),
];

const TASK: &[Spec] = &[
    both("Credentials", Shape::Template(Moment::Before)),
    both("HeartbeatSeconds", number(1.0, SECONDS)),
    path("HeartbeatSecondsPath", Shape::Path),
    both("Resource", Shape::Text),
    both("TimeoutSeconds", number(1.0, SECONDS)),
    path("TimeoutSecondsPath", Shape::Path),
];
const PASS: &[Spec] = &[
    path("Parameters", Shape::Template(Moment::Before)),
    path("Result", Shape::Literal),
    path("ResultPath", Shape::ResultPath),
];
const CHOICE: &[Spec] = &[both("Choices", Shape::Array), both("Default", Shape::Text)];
const WAIT: &[Spec] = &[
    both("Seconds", number(0.0, SECONDS)),
    path("SecondsPath", Shape::Path),
    both("Timestamp", Shape::Timestamp),
    path("TimestampPath", Shape::Path),
];
const FAIL: &[Spec] = &[
    both("Cause", Shape::Words),
    path("CausePath", Shape::WordsPath),
    both("Error", Shape::Words),
    path("ErrorPath", Shape::WordsPath),
];
const PARALLEL: &[Spec] = &[both("Branches", Shape::Array)];
const MAP: &[Spec] = &[
    both("ItemBatcher", Shape::Object),
    both("ItemProcessor", Shape::Object),
    both("ItemReader", Shape::Object),
    both("ItemSelector", Shape::Template(Moment::Before)),
    jsonata("Items", Shape::Items),
    path("ItemsPath", Shape::Path),
    path("Iterator", Shape::Object),
    both("Label", Shape::Text),
    both("MaxConcurrency", number(0.0, SECONDS)),
    path("MaxConcurrencyPath", Shape::Path),
    path("Parameters", Shape::Template(Moment::Before)),
    both("ResultWriter", Shape::Object),
    both("ToleratedFailureCount", number(0.0, ITEMS)),
    path("ToleratedFailureCountPath", Shape::Path),
    both(
        "ToleratedFailurePercentage",
        Shape::Number(Bounds { least: 0.0, most: 100.0, whole: false, computed: true }),
    ),
    path("ToleratedFailurePercentagePath", Shape::Path),
];

pub(crate) const READER: &[Spec] = &[both("ReaderConfig", Shape::Object), both("Resource", Shape::Text)];

pub(crate) const READER_CONFIG: &[Spec] = &[
    both("CSVDelimiter", Shape::OneOf(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"])),
    both("CSVHeaderLocation", Shape::OneOf(&["FIRST_ROW", "GIVEN"])),
    both("CSVHeaders", Shape::Any),
    both("InputType", Shape::OneOf(&["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"])),
    both("ItemsPointer", Shape::Text),
    both("ManifestType", Shape::OneOf(&["ATHENA_DATA", "S3_INVENTORY"])),
    both("MaxItems", number(1.0, ITEMS)),
    path("MaxItemsPath", Shape::Path),
    both("Transformation", Shape::OneOf(&["LOAD_AND_FLATTEN", "NONE"])),
];

pub(crate) const BATCHER: &[Spec] = &[
    both("BatchInput", Shape::Template(Moment::Before)),
    both("MaxInputBytesPerBatch", number(1.0, 262_144.0)),
    path("MaxInputBytesPerBatchPath", Shape::Path),
    both("MaxItemsPerBatch", number(1.0, ITEMS)),
    path("MaxItemsPerBatchPath", Shape::Path),
];

pub(crate) const WRITER: &[Spec] = &[both("Resource", Shape::Text), both("WriterConfig", Shape::Object)];

pub(crate) const WRITER_CONFIG: &[Spec] = &[
    both("OutputType", Shape::OneOf(&["JSON", "JSONL"])),
    both("Transformation", Shape::OneOf(&["COMPACT", "FLATTEN", "NONE"])),
];

/// Beside Reader and writer: what the call is given.
pub(crate) const CALL: &[Spec] = ARGUMENTS;

pub(crate) const RETRIER: &[Spec] = &[
    both("BackoffRate", Shape::Number(Bounds { least: 1.0, most: f64::MAX, whole: false, computed: false })),
    both("Comment", Shape::Text),
    both("ErrorEquals", Shape::Array),
    both("IntervalSeconds", fixed(1.0, SECONDS)),
    both("JitterStrategy", Shape::OneOf(&["FULL", "NONE"])),
    both("MaxAttempts", fixed(0.0, SECONDS)),
    both("MaxDelaySeconds", fixed(1.0, 31_622_400.0)),
];

pub(crate) const CATCHER: &[Spec] = &[
    both("Assign", Shape::Assign(Moment::Caught)),
    both("Comment", Shape::Text),
    both("ErrorEquals", Shape::Array),
    both("Next", Shape::Text),
    jsonata("Output", Shape::Template(Moment::Caught)),
    path("ResultPath", Shape::ResultPath),
];

/// A rule of a Choice state in JSONata.
pub(crate) const RULE: &[Spec] = &[
    both("Assign", Shape::Assign(Moment::Before)),
    both("Comment", Shape::Text),
    jsonata("Condition", Shape::Condition),
    both("Next", Shape::Text),
    jsonata("Output", Shape::Template(Moment::Before)),
];

/// The type of a state, the fields that it has beside [`STATE`], and those that it must have.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [&'static [Spec]],
    pub(crate) required: &'static [&'static str],
}

impl Kind {
    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields.iter().flat_map(|it| it.iter()).any(|it| it.name == field)
    }

    /// Whether it goes on to another state or ends.
    pub(crate) fn goes_on(&self) -> bool {
        self.has("Next")
    }
}

pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "Choice", fields: &[CHOICE, PLAIN, IN_OUT], required: &["Choices"] },
    Kind { name: "Fail", fields: &[FAIL], required: &[] },
    Kind { name: "Map", fields: &[MAP, ONWARD, FAILING, IN_OUT, RESULT], required: &[] },
    Kind {
        name: "Parallel",
        fields: &[PARALLEL, ONWARD, FAILING, IN_OUT, RESULT, ARGUMENTS],
        required: &["Branches"],
    },
    Kind { name: "Pass", fields: &[PASS, ONWARD, IN_OUT, PLAIN], required: &[] },
    Kind { name: "Succeed", fields: &[IN_OUT, OUTPUT], required: &[] },
    Kind {
        name: "Task",
        fields: &[TASK, ONWARD, FAILING, IN_OUT, RESULT, ARGUMENTS],
        required: &["Resource"],
    },
    Kind { name: "Wait", fields: &[WAIT, ONWARD, IN_OUT, PLAIN], required: &[] },
];
