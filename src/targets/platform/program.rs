//! The programs that are functions: their names everywhere, and what each is given.

use super::model::Resource;

/// The programs that are functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    Watch,
    Notify,
    SurveyDispatch,
    SurveyResult,
}

impl Program {
    /// Those of an environment with or without surveys.
    pub(super) fn of(surveys: bool) -> &'static [Self] {
        const ALL: [Program; 4] =
            [Program::Watch, Program::Notify, Program::SurveyDispatch, Program::SurveyResult];
        if surveys { &ALL } else { ALL.split_at(2).0 }
    }

    /// The function's name without the platform's.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Watch => "watch",
            Self::Notify => "notify",
            Self::SurveyDispatch => "survey-dispatch",
            Self::SurveyResult => "survey-result",
        }
    }

    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Watch => "Watch",
            Self::Notify => "Notify",
            Self::SurveyDispatch => "SurveyDispatch",
            Self::SurveyResult => "SurveyResult",
        }
    }

    pub(super) fn role_id(self) -> &'static str {
        match self {
            Self::Watch => "WatchRole",
            Self::Notify => "NotifyRole",
            Self::SurveyDispatch => "SurveyDispatchRole",
            Self::SurveyResult => "SurveyResultRole",
        }
    }

    pub(super) fn log_group_id(self) -> &'static str {
        match self {
            Self::Watch => "WatchLogs",
            Self::Notify => "NotifyLogs",
            Self::SurveyDispatch => "SurveyDispatchLogs",
            Self::SurveyResult => "SurveyResultLogs",
        }
    }

    pub(super) fn code_parameter(self) -> &'static str {
        match self {
            Self::Watch => "WatchCode",
            Self::Notify => "NotifyCode",
            Self::SurveyDispatch => "SurveyDispatchCode",
            Self::SurveyResult => "SurveyResultCode",
        }
    }

    /// Holds once its program is in the bucket, which the stack itself makes.
    pub(super) fn condition(self) -> &'static str {
        match self {
            Self::Watch => "HasWatch",
            Self::Notify => "HasNotify",
            Self::SurveyDispatch => "HasSurveyDispatch",
            Self::SurveyResult => "HasSurveyResult",
        }
    }

    /// There once the program is.
    pub(super) fn only_then(self, resource: impl Into<Resource>) -> Resource {
        resource.into().only_if(self.condition())
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Watch => "Records how runs and jobs end, frees locks and tells who wants to know",
            Self::Notify => "Hands notifications and alarms on to the channels",
            Self::SurveyDispatch => "Calls people back for surveys",
            Self::SurveyResult => "Keeps the answers of surveys",
        }
    }

    pub(super) fn timeout(self) -> u32 {
        match self {
            Self::Watch => WATCH_SECONDS,
            Self::Notify => NOTIFY_SECONDS,
            Self::SurveyDispatch => 60,
            // A contact flow waits so long for an answer and no longer.
            Self::SurveyResult => 8,
        }
    }

    /// What webhooks can stand. The others are held by their source: so many batches, shards or callers at a time.
    pub(super) fn reserved_concurrency(self) -> Option<u32> {
        match self {
            Self::Notify => Some(5),
            Self::Watch | Self::SurveyDispatch | Self::SurveyResult => None,
        }
    }
}

/// How long `watch` has for a batch.
pub(super) const WATCH_SECONDS: u32 = 60;
/// How long `notify` has: it waits for channels that ask for patience.
const NOTIFY_SECONDS: u32 = 180;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_task_can_have_the_name_of_one_of_these() {
        let names: Vec<&str> = Program::of(true).iter().map(|it| it.name()).collect();
        assert_eq!(names, crate::model::OWN_FUNCTIONS);
    }
}
