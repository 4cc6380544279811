//! A telephone survey.

use super::{Choose, Duration, Entry, Name, Spanned, Text, TimeOfDay, Translation};
use crate::source::Span;

/// `survey satisfaction "After-call survey" { … }`
#[derive(Debug, Clone)]
pub struct Survey {
    /// All of it.
    pub span: Span,
    /// The word `survey`.
    pub keyword: Span,
    /// Its name.
    pub name: Name,
    /// What people call it.
    pub title: Option<Text>,
    /// In written order.
    pub settings: Vec<Entry<SurveySetting>>,
    /// In written order.
    pub steps: Vec<Step>,
    /// In written order.
    pub translations: Vec<Translation>,
    /// The first words of settings and steps that could not be read.
    pub unreadable: Vec<Name>,
}

/// A setting of a survey.
#[derive(Debug, Clone)]
pub enum SurveySetting {
    /// `mode in_call`
    Mode(Spanned<Mode>),
    /// `offer "We will call you for a one question survey." decline 9`
    Offer(Offer),
    /// `queue BasicQueue`, or `queue "Basic queue"`
    Queue(Name),
    /// `hours "Office hours"`
    Hours(Name),
    /// `window 09:00..20:00 caller time`
    Window(Window),
    /// `limit 1 call each 30 days`
    Limit(CallLimit),
    /// `delay 10 minutes`
    Delay(Spanned<Duration>),
    /// `attempts 2 each 4 hours`
    Attempts(Attempts),
    /// `ring 30 seconds`
    Ring(Spanned<Duration>),
    /// `machine hang_up`
    Machine(Machine),
    /// `voice Joanna`
    Voice(Name),
    /// `language en-GB`
    Language(Name),
    /// `choose by attribute Language`
    Choose(Choose),
    /// `wait "All our agents are busy."`
    Wait(Text),
    /// `sorry "We can't put you through."`
    Sorry(Text),
    /// `goodbye "Goodbye."`
    Goodbye(Text),
    /// `thank "Thank you for rating us {rating}."`
    Thank(Text),
    /// `alert data_team when rating <= 2`
    Alert(Alert),
    /// `store rating as NPS_Rating`
    Store(Store),
}

/// What callers hear before they are put through.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What is said.
    pub text: Text,
    /// `decline 9`, or `decline *`: none for the star.
    pub decline: Option<Spanned<Option<u64>>>,
}

/// How callers come to the survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Each caller is offered it before the agent, and called afterwards.
    InCall,
    /// The agent or another system marks the contact, and the caller is called afterwards.
    External,
    /// The caller stays on the line when the agent has hung up.
    PostCall,
}

/// When people may be called.
///
/// ```text
/// window  09:00..20:00 caller time
///         ^^^^^ from   ^^^^^^^^^^^ zone
///                ^^^^^ to
/// ```
#[derive(Debug, Clone)]
pub struct Window {
    /// From this time on; not judged.
    pub from: Spanned<TimeOfDay>,
    /// Up to this time; not judged.
    pub to: Spanned<TimeOfDay>,
    /// On whose clocks.
    pub zone: WindowZone,
}

/// On whose clocks a window is read.
#[derive(Debug, Clone)]
pub enum WindowZone {
    /// `caller time`
    Caller,
    /// `in Europe/Athens`: an IANA time zone's name, as written.
    Named(Name),
}

/// How often one person is called: `limit 1 call each 30 days`
#[derive(Debug, Clone)]
pub struct CallLimit {
    /// Not more than so many.
    pub calls: Spanned<u64>,
    /// In so long.
    pub each: Spanned<Duration>,
}

/// How often a call that nobody takes is tried: `attempts 2 each 4 hours`
#[derive(Debug, Clone)]
pub struct Attempts {
    /// The first one counted.
    pub most: Spanned<u64>,
    /// The time between two.
    pub each: Spanned<Duration>,
}

/// What is done when an answering machine takes the call.
#[derive(Debug, Clone)]
pub enum Machine {
    /// `machine hang_up`
    HangUp,
    /// `machine leave "We called for a short survey. Goodbye."`
    Leave(Text),
}

/// Whom certain answers are told: `alert data_team when rating <= 2`
#[derive(Debug, Clone)]
pub struct Alert {
    /// Whom.
    pub channel: Name,
    /// Of what.
    pub condition: Condition,
}

/// The name that an answer is kept under: `store rating as NPS_Rating`
#[derive(Debug, Clone)]
pub struct Store {
    /// Whose answer.
    pub question: Name,
    /// Not judged.
    pub key: Name,
}

/// What is done on the telephone, one after the other.
#[derive(Debug, Clone)]
pub enum Step {
    /// `ask rating "…" { … }`
    Ask(Ask),
    /// `when rating <= 2 { … }`
    When(Branch),
}

/// A question.
///
/// ```text
/// ask rating "How likely are you to recommend us?" {
///     ^^^^^^ name
///            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ text
/// ```
#[derive(Debug, Clone)]
pub struct Ask {
    /// All of it.
    pub span: Span,
    /// The word `ask`.
    pub keyword: Span,
    /// What its answer is called.
    pub name: Name,
    /// What is said.
    pub text: Text,
    /// In written order.
    pub settings: Vec<Entry<AskSetting>>,
    /// The first words of settings that could not be read.
    pub unreadable: Vec<Name>,
}

/// A setting of a question.
#[derive(Debug, Clone)]
pub enum AskSetting {
    /// `scale 1..5`: not judged.
    Scale {
        /// The first number.
        least: Spanned<u64>,
        /// The last number.
        most: Spanned<u64>,
    },
    /// `choice 1 price`
    Choice {
        /// What is pressed; not judged.
        key: Spanned<u64>,
        /// What it means.
        answer: Name,
    },
    /// `yes_no`
    YesNo,
    /// `retry 2 times "Sorry, please press a key from 1 to 5."`
    Retry {
        /// Not judged.
        times: Spanned<u64>,
        /// What is said to a key that is no answer.
        text: Option<Text>,
    },
    /// `silence 2 times "We did not hear your choice."`
    Silence {
        /// Not judged; as for other keys where it is not said.
        times: Option<Spanned<u64>>,
        /// What is said to silence.
        text: Option<Text>,
    },
    /// `decline 9`, or `decline *`: none for the star.
    Decline(Spanned<Option<u64>>),
}

/// What is done only after certain answers.
#[derive(Debug, Clone)]
pub struct Branch {
    /// All of it.
    pub span: Span,
    /// The word `when`.
    pub keyword: Span,
    /// After which.
    pub condition: Condition,
    /// In written order.
    pub steps: Vec<Step>,
    /// The first words of steps that could not be read.
    pub unreadable: Vec<Name>,
}

/// What answers are held against. `and` binds closer than `or`.
#[derive(Debug, Clone)]
pub enum Condition {
    /// `rating <= 2`
    Comparison(Comparison),
    /// All of at least two: `rating <= 2 and reason = price`
    All(Vec<Condition>),
    /// One of at least two: `rating <= 2 or rating = 5`
    Any(Vec<Condition>),
}

impl Condition {
    /// From its first comparison to its last.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Comparison(it) => Some(it.span),
            Self::All(parts) | Self::Any(parts) => Some(parts.first()?.span()?.to(parts.last()?.span()?)),
        }
    }
}

/// One answer held against one value.
///
/// ```text
/// rating <= 2
/// ^^^^^^ question
///        ^^ relation
///           ^ operand
/// ```
#[derive(Debug, Clone)]
pub struct Comparison {
    /// All of it.
    pub span: Span,
    /// Whose answer.
    pub question: Name,
    /// How.
    pub relation: Spanned<Relation>,
    /// Against what.
    pub operand: Spanned<Operand>,
}

/// What an answer is held against, as written.
#[derive(Debug, Clone)]
pub enum Operand {
    /// `2`
    Number(u64),
    /// `price`, `yes`
    Word(String),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Relation {
    /// As written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether it asks for an order.
    pub fn is_of_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// Whether it holds between the two.
    pub fn holds(self, left: u32, right: u32) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}
