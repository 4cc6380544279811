//! The registry of words that lines start with: which block knows which, what for, and an example.
//!
//! Suggestions come from it, and so can reference pages and completions.

mod survey;

use survey::{ASK, SURVEY, TRANSLATED_ASK, TRANSLATION, WHEN};

/// A kind of block, by what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The top of a file.
    File,
    /// `platform NAME { … }`
    Platform,
    /// `environment NAME { … }`
    Environment,
    /// `connection NAME { … }`: its lines start with the names of environments.
    Connection,
    /// `defaults { … }`
    Defaults,
    /// `table NAME { … }`: its lines start with the names of columns.
    Table,
    /// `pipeline NAME { … }`, and a template's body.
    Pipeline,
    /// `into TABLE { … }`
    Into,
    /// `survey NAME { … }`
    Survey,
    /// `ask NAME "…" { … }`
    Ask,
    /// `when CONDITION { … }`
    When,
    /// `translation LANGUAGE { … }`
    Translation,
    /// `ask NAME "…" { … }` in a translation
    TranslatedAsk,
}

/// A word that a line may start with.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The word.
    pub word: &'static str,
    /// What it is for: one sentence.
    pub description: &'static str,
    /// A line, with its block when it has one.
    pub example: &'static str,
    /// What it opens.
    pub block: Option<BlockKind>,
}

impl BlockKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::File,
        Self::Platform,
        Self::Environment,
        Self::Connection,
        Self::Defaults,
        Self::Table,
        Self::Pipeline,
        Self::Into,
        Self::Survey,
        Self::Ask,
        Self::When,
        Self::Translation,
        Self::TranslatedAsk,
    ];

    /// With its article: `a pipeline`.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "the top of a file",
            Self::Platform => "a `platform` block",
            Self::Environment => "an `environment` block",
            Self::Connection => "a `connection` block",
            Self::Defaults => "a `defaults` block",
            Self::Table => "a `table` block",
            Self::Pipeline => "a `pipeline` block",
            Self::Into => "an `into` block",
            Self::Survey => "a `survey` block",
            Self::Ask => "an `ask` block",
            Self::When => "a `when` block",
            Self::Translation => "a `translation` block",
            Self::TranslatedAsk => "an `ask` block of a translation",
        }
    }

    /// The words that its lines may start with; none when any name may.
    pub fn settings(self) -> &'static [Setting] {
        match self {
            Self::File => FILE,
            Self::Platform => PLATFORM,
            Self::Environment => ENVIRONMENT,
            Self::Connection | Self::Table => &[],
            Self::Defaults => DEFAULTS,
            Self::Pipeline => PIPELINE,
            Self::Into => INTO,
            Self::Survey => SURVEY,
            Self::Ask => ASK,
            Self::When => WHEN,
            Self::Translation => TRANSLATION,
            Self::TranslatedAsk => TRANSLATED_ASK,
        }
    }
}

/// The words that lines of such a block may start with.
pub fn words(kind: BlockKind) -> impl Iterator<Item = &'static str> {
    kind.settings().iter().map(|it| it.word)
}

/// The blocks that know the word.
pub fn blocks_that_know(word: &str) -> impl Iterator<Item = BlockKind> {
    BlockKind::ALL.into_iter().filter(move |kind| words(*kind).any(|it| it == word))
}

const fn setting(word: &'static str, description: &'static str, example: &'static str) -> Setting {
    Setting { word, description, example, block: None }
}

const fn block(
    kind: BlockKind,
    word: &'static str,
    description: &'static str,
    example: &'static str,
) -> Setting {
    Setting { word, description, example, block: Some(kind) }
}

const ALLOW: Setting = setting(
    "allow",
    "A warning that is meant so, and why: in this block, or in this file.",
    "allow P0312 \"for the countries of next month\"",
);

const FILE: &[Setting] = &[
    block(
        BlockKind::Platform,
        "platform",
        "What every country shares, and what differs between environments.",
        "platform credit_reports {\n    target reports\n}",
    ),
    block(
        BlockKind::Table,
        "table",
        "The shape of a published table.",
        "table companies {\n    registration_no  text(32)  key\n}",
    ),
    block(
        BlockKind::Pipeline,
        "template",
        "What several pipelines say, with parameters for what differs.",
        "template registry(language: word, parts: number = 4) {\n    overlap skip\n}",
    ),
    block(
        BlockKind::Pipeline,
        "pipeline",
        "One country: when it runs, where its rows come from, and which tables they go into.",
        "pipeline greece \"Greek company registry\" {\n    country gr\n}",
    ),
    block(
        BlockKind::Survey,
        "survey",
        "What callers are asked by telephone.",
        "survey satisfaction \"After-call survey\" {\n    mode in_call\n}",
    ),
    ALLOW,
];

const PLATFORM: &[Setting] = &[
    block(
        BlockKind::Environment,
        "environment",
        "A place that the program runs in; `local` is this machine.",
        "environment prod {\n    account  222222222222\n    region   eu-central-1\n}",
    ),
    block(
        BlockKind::Connection,
        "connection",
        "A database or folder, and where it is in each environment.",
        "connection athens_registry {\n    local  sqlite \"samples/greece.db\"\n}",
    ),
    setting("target", "The connection that tables are published to.", "target reports"),
    setting(
        "channel",
        "Where notifications go: teams or slack with a secret, or email with an address.",
        "channel data_team teams secret \"credit-reports/teams-webhook\"",
    ),
    setting("notify", "What channels are told of.", "notify data_team, ops on failure, recovery"),
    block(
        BlockKind::Defaults,
        "defaults",
        "How work is tried, unless a pipeline says otherwise.",
        "defaults {\n    overlap skip\n}",
    ),
    ALLOW,
];

const ENVIRONMENT: &[Setting] = &[
    setting("account", "The AWS account's twelve digits.", "account 222222222222"),
    setting("region", "The AWS region.", "region eu-central-1"),
    setting(
        "connect",
        "The ID of the Connect instance that surveys are asked by.",
        "connect \"0f6f5a3e-7c1d-4b59-9a55-d2b7a3c0e111\"",
    ),
    setting(
        "queue",
        "The ID of a queue there; one without is found by its name.",
        "queue BasicQueue \"3c1b5a64-2f0e-4f0a-8d53-6a0cf0f7e222\"",
    ),
    setting(
        "hours",
        "The ID of hours of operation there; those without are found by their name.",
        "hours \"Office hours\" \"9d2e8c17-54ab-4f3c-b7a1-0c4de5f6a333\"",
    ),
];

const RETRY: Setting = setting(
    "retry",
    "How often a failed job is tried again, and how long is waited before.",
    "retry 3 times from 30 seconds doubling",
);
const TIMEOUT: Setting = setting("timeout", "How long a job may take.", "timeout 6 hours");
const COMPUTE: Setting = setting("compute", "What a job runs on.", "compute 2 vcpu 4 GB");
const OVERLAP: Setting =
    setting("overlap", "What a run does that finds another going on: skip, wait or fail.", "overlap skip");
const SOURCE: Setting =
    setting("source", "The connection that rows are read from.", "source athens_registry");

const STAGING: Setting = setting(
    "staging",
    "Where rows wait until they are published: as parts in the object store, or in a table of the target's database. \
     Without it, as parts where the target is a server and no stage needs a table: no `translate`, `run` or `task`.",
    "staging parts",
);

const DEFAULTS: &[Setting] = &[RETRY, TIMEOUT, COMPUTE, OVERLAP, STAGING];

const PIPELINE: &[Setting] = &[
    setting("country", "The country's ISO code; queries get it in capitals, as `:country`.", "country gr"),
    setting("schedule", "When the pipeline starts by itself.", "schedule daily at 02:30 in Europe/Athens"),
    setting(
        "start",
        "A pipeline whose success starts this one, besides schedules or instead of them.",
        "start after ireland",
    ),
    SOURCE,
    setting("owner", "Whom to ask about it.", "owner \"emea-data@example.com\""),
    setting("enabled", "Whether its schedules start it: yes or no.", "enabled no"),
    RETRY,
    TIMEOUT,
    COMPUTE,
    OVERLAP,
    setting("use", "Everything that a template says.", "use registry(language: el)"),
    block(
        BlockKind::Into,
        "into",
        "The way into one table.",
        "into companies {\n    extract \"greece/companies.sql\"\n}",
    ),
    ALLOW,
];

const INTO: &[Setting] = &[
    SOURCE,
    setting(
        "extract",
        "The query that the rows come from.",
        "extract \"greece/companies.sql\" split by id into 16",
    ),
    setting(
        "translate",
        "Columns that are rendered in another language, by the codes of Amazon Translate.",
        "translate name, address from el to en",
    ),
    setting(
        "dedupe",
        "Which of several equal rows stays.",
        "dedupe by registration_no keep newest updated_at",
    ),
    setting(
        "expect",
        "What must be true before rows are published: their number, nulls, uniqueness, the share rejected, the \
         change against the last run.",
        "expect rows between 10_000 and 5_000_000",
    ),
    setting("publish", "How rows reach the target table: upsert, replace or append.", "publish upsert"),
    setting(
        "run",
        "Statements that run in the target after publishing, in one transaction.",
        "run \"greece/post_checks.sql\"",
    ),
    setting(
        "task",
        "A Lambda function of your own that is called after publishing; skipped on one machine.",
        "task refresh_search(index: companies)",
    ),
    STAGING,
    RETRY,
    TIMEOUT,
    COMPUTE,
    ALLOW,
];
