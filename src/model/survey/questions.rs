//! Each question by itself: what can be pressed, and what becomes of other keys and of silence.

use std::collections::BTreeMap;

use super::shape::{Answers, Choice, Key};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    model::{effort::within, settings::Seen},
    source::Span,
    syntax::ast::{Ask, AskSetting, Name, Spanned, Step, Text},
};

/// Numbers have at most two digits.
const MOST_NUMBER: u64 = 99;
/// How often a question is asked again at most: nobody listens longer.
const MOST_RETRIES: u64 = 9;
const DEFAULT_RETRIES: u32 = 2;

/// What its block says of a question.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    /// Its name in the declaration.
    pub(super) name: &'a Name,
    /// None where they could not be made out, which is told.
    pub(super) answers: Option<Answers>,
    /// Whether a key was told of, so that it is not known what all can be pressed.
    pub(super) is_doubtful: bool,
    pub(super) retries: u32,
    pub(super) silence_retries: u32,
    pub(super) invalid: Option<&'a Text>,
    pub(super) silence: Option<&'a Text>,
    pub(super) decline: Option<Key>,
}

/// Every question by name, whatever `when` it stands in. Of two of one name the first counts.
pub(super) fn collect<'a>(
    steps: &'a [Step],
    all: &mut BTreeMap<&'a str, Asked<'a>>,
    diagnostics: &mut Diagnostics,
) {
    for step in steps {
        match step {
            Step::When(branch) => collect(&branch.steps, all, diagnostics),
            Step::Ask(ask) => {
                let checked = question(ask, diagnostics);
                let name = &ask.name;
                if let Some(first) = all.get(name.value.as_str()) {
                    diagnostics.push(
                        Diagnostic::new(
                            Code::DefinedTwice,
                            format!("the question `{}` is asked twice", name.value),
                        )
                        .label(name.span, "asked again")
                        .also(first.name.span, "first asked here")
                        .help("give each question a name of its own: its answer is kept under it"),
                    );
                } else {
                    let _ = all.insert(&name.value, checked);
                }
            }
        }
    }
}

fn question<'a>(ask: &'a Ask, diagnostics: &mut Diagnostics) -> Asked<'a> {
    let mut seen = Seen::default();
    let mut asked = Asked {
        name: &ask.name,
        answers: None,
        is_doubtful: !ask.unreadable.is_empty(),
        retries: DEFAULT_RETRIES,
        silence_retries: DEFAULT_RETRIES,
        invalid: None,
        silence: None,
        decline: None,
    };
    let (mut kinds, mut choices) = (Kinds::default(), Choices::default());
    let (mut decline, mut silence_retries) = (None, None);
    for entry in &ask.settings {
        let keyword = entry.keyword;
        match &entry.value {
            AskSetting::Scale { least, most } => {
                if seen.first("scale", keyword, diagnostics) && kinds.is_only("scale", keyword, diagnostics) {
                    asked.answers = scale(least, most, diagnostics);
                }
            }
            AskSetting::Choice { key, answer } => {
                if kinds.is_only("choice", keyword, diagnostics) {
                    choices.take(key, answer, diagnostics);
                }
            }
            AskSetting::YesNo => {
                if seen.first("yes_no", keyword, diagnostics) && kinds.is_only("yes_no", keyword, diagnostics)
                {
                    asked.answers = Some(Answers::YesNo);
                }
            }
            AskSetting::Retry { times, text } => {
                if seen.first("retry", keyword, diagnostics) {
                    asked.retries = within(times, 0, MOST_RETRIES, "the number of retries", diagnostics);
                    asked.invalid = text.as_ref();
                }
            }
            AskSetting::Silence { times, text } => {
                if seen.first("silence", keyword, diagnostics) {
                    let told = "the number of retries";
                    silence_retries = times.as_ref().map(|it| within(it, 0, MOST_RETRIES, told, diagnostics));
                    asked.silence = text.as_ref();
                }
            }
            AskSetting::Decline(key) => {
                if seen.first("decline", keyword, diagnostics) {
                    decline = Some(key);
                }
            }
        }
    }
    asked.is_doubtful |= choices.is_doubtful;
    if !choices.all.is_empty() {
        asked.answers = Some(Answers::Choices(choices.all));
    }
    if kinds.first.is_none() && ask.unreadable.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                Code::SettingMissing,
                format!("the question `{}` does not say what can be pressed", ask.name.value),
            )
            .label(ask.name.span, "no answers")
            .help("add `scale 1..5`, `yes_no`, or a line such as `choice 1 price` for each key"),
        );
    }
    asked.silence_retries = silence_retries.unwrap_or(asked.retries);
    asked.decline = decline.and_then(|key| self::decline(key, &asked, diagnostics));
    asked.is_doubtful |= decline.is_some() && asked.decline.is_none();
    asked
}

/// The one way in which a question says its answers.
#[derive(Debug, Default)]
struct Kinds {
    first: Option<(&'static str, Span)>,
}

impl Kinds {
    fn is_only(&mut self, word: &'static str, keyword: Span, diagnostics: &mut Diagnostics) -> bool {
        let (first, span) = *self.first.get_or_insert((word, keyword));
        if first != word {
            diagnostics.push(
                Diagnostic::new(
                    Code::SettingTwice,
                    format!("the answers are given by `{first}` and by `{word}`"),
                )
                .label(keyword, "given again")
                .also(span, "first given here")
                .help("keep one of the two"),
            );
        }
        first == word
    }
}

fn scale(least: &Spanned<u64>, most: &Spanned<u64>, diagnostics: &mut Diagnostics) -> Option<Answers> {
    let numbers = [least, most].map(|it| within(it, 0, MOST_NUMBER, "a number of a scale", diagnostics));
    if least.value < most.value {
        let [least, most] = numbers;
        return Some(Answers::Scale { least, most });
    }
    let diagnostic = Diagnostic::new(
        Code::OutOfRange,
        format!("the scale `{}..{}` has no numbers to choose from", least.value, most.value),
    )
    .label(least.span.to(most.span), "not a scale");
    diagnostics.push(if least.value == most.value {
        diagnostic.help("write the least and the greatest number, such as `1..5`")
    } else {
        let turned = format!("{}..{}", most.value, least.value);
        diagnostic
            .help(format!("write the least number first: `{turned}`"))
            .suggest(least.span.to(most.span), turned)
    });
    None
}

#[derive(Debug, Default)]
struct Choices<'a> {
    all: Vec<Choice>,
    is_doubtful: bool,
    keys: BTreeMap<u64, Span>,
    answers: BTreeMap<&'a str, Span>,
}

impl<'a> Choices<'a> {
    fn take(&mut self, key: &Spanned<u64>, answer: &'a Name, diagnostics: &mut Diagnostics) {
        if key.value > 9 {
            self.is_doubtful = true;
            diagnostics.push(
                Diagnostic::new(Code::OutOfRange, format!("`{}` is not one key", key.value))
                    .label(key.span, "more than one key")
                    .help("a choice is made by one key from 0 to 9; a `scale` can have two digits"),
            );
        }
        if let Some(first) = self.keys.get(&key.value) {
            self.is_doubtful = true;
            diagnostics.push(
                Diagnostic::new(Code::KeyMeansTwo, format!("the key `{}` means two things", key.value))
                    .label(key.span, format!("means `{}` here", answer.value))
                    .also(*first, "has a meaning already")
                    .help("give each choice a key of its own"),
            );
            return;
        }
        if let Some(first) = self.answers.get(answer.value.as_str()) {
            diagnostics.push(
                Diagnostic::new(
                    Code::DefinedTwice,
                    format!("the answer `{}` is given by two keys", answer.value),
                )
                .label(answer.span, "given again")
                .also(*first, "first given here")
                .help("rename one of them, or delete it"),
            );
        }
        let _ = self.keys.insert(key.value, key.span);
        let _ = self.answers.entry(&answer.value).or_insert(answer.span);
        self.all.push(Choice {
            key: u32::try_from(key.value.min(9)).unwrap_or_default(),
            answer: answer.value.clone(),
        });
    }
}

/// One key.
pub(super) fn key(key: &Spanned<Option<u64>>, diagnostics: &mut Diagnostics) -> Option<Key> {
    let Some(digit) = key.value else { return Some(Key::Star) };
    let known = u32::try_from(digit).ok().filter(|it| *it < 10).map(Key::Digit);
    if known.is_none() {
        diagnostics.push(
            Diagnostic::new(Code::OutOfRange, format!("`{digit}` is not one key"))
                .label(key.span, "more than one key")
                .help("write a key from 0 to 9, or `*`"),
        );
    }
    known
}

/// A key that is none of the answers, and can be told from the first digit of one.
fn decline(key: &Spanned<Option<u64>>, asked: &Asked<'_>, diagnostics: &mut Diagnostics) -> Option<Key> {
    let Key::Digit(digit) = self::key(key, diagnostics)? else { return Some(Key::Star) };
    let Some(answers) = &asked.answers else { return Some(Key::Digit(digit)) };
    let message = if answers.numbers().contains(&digit) {
        format!("the key `{digit}` declines, and is an answer to `{}`", asked.name.value)
    } else if answers.digits() > 1 {
        format!("the key `{digit}` declines, and may be the first of two digits")
    } else {
        return Some(Key::Digit(digit));
    };
    let free = (answers.digits() == 1).then(|| (0..10).rev().find(|it| !answers.numbers().contains(it)));
    let free = free.flatten().map_or_else(|| "*".to_owned(), |it| it.to_string());
    diagnostics.push(
        Diagnostic::new(Code::KeyMeansTwo, message)
            .label(key.span, "not free")
            .help(format!("write `decline {free}`"))
            .suggest(key.span, free),
    );
    None
}
