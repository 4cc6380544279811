//! Numbers of an estimate.

use serde::{Deserialize, Serialize};

/// Dollars, to a millionth: the same program has the same figures, whatever they are added up in.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dollars(f64);

impl Dollars {
    /// The amount.
    pub fn amount(self) -> f64 {
        self.0
    }
}

impl From<f64> for Dollars {
    fn from(amount: f64) -> Self {
        Self((amount * 1_000_000.0).round() / 1_000_000.0)
    }
}

impl std::iter::Sum for Dollars {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.map(|it| it.0).sum::<f64>().into()
    }
}

impl std::fmt::Display for Dollars {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Less than a cent is still something.
        if self.0 != 0.0 && self.0.abs() < 0.01 {
            write!(formatter, "{:.4}", self.0)
        } else {
            write!(formatter, "{:.2}", self.0)
        }
    }
}

/// A count as a factor.
#[expect(clippy::cast_precision_loss, reason = "an estimate needs no sixteenth digit")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}
