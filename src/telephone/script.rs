//! A caller by script: `7 <silence> 10# <hangup>`.
//!
//! Each word is what the caller does the next time that something is asked; hanging up is done as soon as anything is
//! said.

use std::collections::VecDeque;

use super::{
    input::Input,
    play::{Caller, Pressed},
};

/// What a caller does, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    left: VecDeque<Word>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Keys(String),
    Silence,
    HangUp,
}

/// A word that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is neither keys nor `<silence>` nor `<hangup>`")]
pub struct ScriptError {
    /// The word.
    pub word: String,
}

impl Script {
    /// Reads a script.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let left = text.split_whitespace().map(word).collect::<Result<_, _>>()?;
        Ok(Self { left })
    }

    /// How many words nobody has asked for.
    pub fn left(&self) -> usize {
        self.left.len()
    }
}

fn word(word: &str) -> Result<Word, ScriptError> {
    let is_key = |it: char| it.is_ascii_digit() || matches!(it, '*' | '#');
    match word {
        "<silence>" => Ok(Word::Silence),
        "<hangup>" => Ok(Word::HangUp),
        keys if keys.chars().all(is_key) => Ok(Word::Keys(keys.to_owned())),
        _ => Err(ScriptError { word: word.to_owned() }),
    }
}

impl Caller for Script {
    fn listens(&mut self) -> bool {
        let hangs_up = self.left.front() == Some(&Word::HangUp);
        if hangs_up {
            let _ = self.left.pop_front();
        }
        !hangs_up
    }

    fn presses(&mut self, _input: &Input) -> Option<Pressed> {
        Some(match self.left.pop_front()? {
            Word::Keys(keys) => Pressed::Keys(keys),
            Word::Silence => Pressed::Silence,
            Word::HangUp => Pressed::HangUp,
        })
    }
}
