//! `Retry` and `Catch`, the same for Task, Parallel and Map.

use std::time::Duration;

use super::branch::Exit;
use super::visit::{Told, Visit};
use crate::engine::failure::Failure;
use crate::engine::history::Retrying;
use crate::engine::machine::{Recovery, Retrier};

impl<'v> Visit<'v> {
    /// Repeats `attempt` as the retriers allow, then catches what is left.
    pub(super) async fn recovering(
        &self,
        recovery: &'v Recovery,
        attempt: impl AsyncFn() -> Result<Exit<'v>, Failure>,
    ) -> Result<Exit<'v>, Failure> {
        let mut used: Vec<u32> = vec![0; recovery.retriers.len()];
        loop {
            let failure = match attempt().await {
                Ok(exit) => return Ok(exit),
                Err(failure) => failure,
            };
            let Some(delay) = self.next_delay(&recovery.retriers, &mut used, &failure) else {
                return self.catch(recovery, failure);
            };
            self.retries.set(self.retries.get() + 1);
            let history = &self.branch.interpreter.history;
            history.retrying(&Retrying {
                state: self.name.to_owned(),
                retry: self.retries.get(),
                error: failure.error,
                cause: failure.cause,
                delay,
            });
            tokio::time::sleep(delay).await;
            self.branch.check_history()?;
            history.count_transition();
        }
    }

    /// The first retrier that names the error decides; when it is used up, later ones are not asked.
    fn next_delay(&self, retriers: &[Retrier], used: &mut [u32], failure: &Failure) -> Option<Duration> {
        let (retrier, used) = retriers
            .iter()
            .zip(used)
            .find(|(retrier, _)| failure.is_matched_by(&retrier.error_equals))
            .filter(|(retrier, used)| **used < retrier.max_attempts)?;
        let delay = delay(retrier, *used);
        *used += 1;
        Some(if retrier.full_jitter { delay.mul_f64(self.branch.interpreter.random.unit()) } else { delay })
    }

    fn catch(&self, recovery: &'v Recovery, failure: Failure) -> Result<Exit<'v>, Failure> {
        let catcher = recovery.catchers.iter().find(|catcher| failure.is_matched_by(&catcher.error_equals));
        let Some(catcher) = catcher else { return Err(failure) };
        let output = failure.output();
        let mut moment = self.moment(Told::ErrorOutput(&output))?;
        self.leave(&mut moment, &catcher.effects, || output.clone(), Some(&catcher.next))
    }
}

/// The delay after `used` earlier retries, before jitter.
fn delay(retrier: &Retrier, used: u32) -> Duration {
    let longest = Duration::from_secs(super::plain::LONGEST_SECONDS);
    let longest =
        retrier.max_delay_seconds.map_or(longest, |seconds| Duration::from_secs(u64::from(seconds)));
    let exponent = i32::try_from(used).unwrap_or(i32::MAX);
    let seconds = f64::from(retrier.interval_seconds) * retrier.backoff_rate.powi(exponent);
    Duration::try_from_secs_f64(seconds).map_or(longest, |delay| delay.min(longest))
}

#[cfg(test)]
mod tests {
    use super::delay;
    use crate::engine::machine::Retrier;

    #[test]
    fn delays_grow_by_the_rate_up_to_the_longest() {
        let mut retrier = Retrier {
            error_equals: Vec::new(),
            interval_seconds: 30,
            backoff_rate: 2.0,
            max_attempts: 9,
            max_delay_seconds: None,
            full_jitter: false,
        };
        let seconds =
            |retrier: &Retrier| (0..4).map(|used| delay(retrier, used).as_secs()).collect::<Vec<_>>();
        assert_eq!(seconds(&retrier), [30, 60, 120, 240]);
        retrier.max_delay_seconds = Some(100);
        assert_eq!(seconds(&retrier), [30, 60, 100, 100]);
        assert_eq!(delay(&retrier, u32::MAX).as_secs(), 100);
        retrier.max_delay_seconds = None;
        assert_eq!(delay(&retrier, u32::MAX).as_secs(), 99_999_999);
    }
}
