//! The registry: every code, its severity, its title, its page.
//!
//! A code is never given to another mistake, not even after its own has gone.

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is built until it is put right.
    Error,
    /// It may be meant so.
    Warning,
}

impl Severity {
    /// `error`, `warning`
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($code:ident => $name:ident, $severity:ident, $title:literal;)+) => {
        /// Every kind of mistake that Sluice tells of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(
                #[doc = concat!(stringify!($code), ": ", $title)]
                $name,
            )+
        }

        impl Code {
            /// Every code, in order.
            pub fn all() -> &'static [Self] {
                &[$(Self::$name),+]
            }

            /// `P0101`
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($code),)+ }
            }

            /// One line on what it means.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// The long story, in Markdown: what, why, and how to put it right.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("explain/", stringify!($code), ".md")),)+
                }
            }
        }
    };
}

codes! {
    P0101 => UnclosedString, Error, "a string has no closing quote";
    P0102 => UnknownWord, Error, "a line starts with a word that has no meaning there";
    P0103 => UnclosedBlock, Error, "a block has no closing brace";
    P0104 => StrayBrace, Error, "a closing brace closes nothing";
    P0105 => UnknownCharacter, Error, "a character has no meaning";
    P0106 => Expected, Error, "something else is expected here";
    P0107 => TrailingWords, Error, "something follows a finished line";
    P0108 => TooDeep, Error, "blocks are nested too deep";
    P0109 => MissingBlock, Error, "a block is missing";
    P0110 => UnexpectedBlock, Error, "a line has a block that it can't have";
    P0111 => ParameterOutsideTemplate, Error, "a template parameter stands outside a template";
    P0112 => NumberTooLarge, Error, "a number is too large to be read";
    P0113 => UnknownEscape, Error, "a backslash in a string is followed by something else than a quote or a backslash";

    P0201 => UnknownConnection, Error, "a connection is not declared";
    P0202 => UnknownTable, Error, "a table is not declared";
    P0203 => UnknownColumn, Error, "a table has no such column";
    P0204 => UnknownTemplate, Error, "a template is not declared";
    P0205 => UnknownEnvironment, Error, "an environment is not declared";
    P0206 => UnknownChannel, Error, "a channel is not declared";
    P0207 => DefinedTwice, Error, "two things have the same name";
    P0208 => UnusableName, Error, "a name can't be used on AWS";
    P0209 => TemplateArguments, Error, "a template's parameters and arguments don't fit";
    P0210 => OnePlatform, Error, "a program has exactly one platform";
    P0211 => UnknownQuestion, Error, "a question is not asked";
    P0212 => NameTaken, Error, "a name is the platform's own";
    P0213 => NoConnectThere, Warning, "Amazon Connect is not offered in the environment's region";

    P0301 => SettingMissing, Error, "a required setting is missing";
    P0302 => SettingTwice, Error, "a setting is given twice";
    P0303 => UnknownTimeZone, Error, "a time zone is not known";
    P0304 => OutOfRange, Error, "a time, date or number is out of range";
    P0305 => StageCycle, Error, "tables wait for each other in a circle";
    P0306 => QueryFileMissing, Error, "a query file is missing";
    P0307 => KeyMissing, Error, "a key column is missing";
    P0308 => StageOrder, Error, "stages are not written in the order that they run in";
    P0309 => ConnectionPlaceMissing, Error, "a connection has no place in an environment";
    P0310 => PasswordInFile, Error, "a password stands in a file";
    P0311 => UnusableValue, Error, "a value can't be used";
    P0312 => Unused, Warning, "something is declared and never used";
    P0313 => StartCycle, Error, "pipelines start each other in a circle";
    P0314 => NobodyTold, Warning, "nobody is told of failures";
    P0315 => MayBeUnasked, Error, "an answer is used where its question may not have been asked";
    P0316 => NeverTrue, Error, "a condition is never true";
    P0317 => AlwaysTrue, Warning, "a condition is always true";
    P0318 => Uncomparable, Error, "an answer can't be compared so";
    P0319 => WindowNeverOpens, Error, "a call window never opens";
    P0320 => NotInMode, Error, "a setting has no meaning in a survey's mode";
    P0321 => KeyMeansTwo, Error, "one key means two things";
    P0322 => AskedLater, Error, "an answer is used before its question is asked";
    P0323 => KeyNotHandled, Warning, "a prompt offers a key that nothing handles";
    P0340 => ClocksChange, Warning, "a schedule's time is skipped or comes twice when the clocks change";
    P0341 => AllowUnused, Warning, "an `allow` has nothing to allow";
    P0342 => NeverStarts, Error, "a schedule never starts";

    P0401 => NameTooLong, Error, "a name is too long for AWS";
    P0402 => OverLimit, Error, "an AWS limit is passed";
    P0403 => NotImportable, Warning, "a contact flow is too large for the console's import";

    P0501 => SqlSyntax, Error, "a query's SQL can't be read";
    P0502 => NotOneSelect, Error, "a query file is not a single SELECT";
    P0503 => QueryColumnMissing, Error, "a query lacks a column of its table";
    P0504 => QueryColumnUnknown, Error, "a query has a column that its table lacks";
    P0505 => SplitColumnMissing, Error, "`split by` names a column that the query lacks";
    P0506 => QueryColumnsUnknown, Warning, "a query's columns can't be known";
    P0507 => UnknownQueryParameter, Error, "a query has an unknown parameter";
    P0508 => NotStatements, Error, "a file to run is not INSERT, UPDATE and DELETE";
    P0509 => QueryColumnTwice, Error, "a query has two columns of one name";
    P0510 => OwnTableWritten, Error, "a statement writes to a table that is Sluice's own";
    P0540 => StagingNeedsTable, Error, "rows can't wait as parts, since a stage needs a table";

    P0601 => QueryFailed, Error, "a query failed at run time";
    P0602 => SourceTableMissing, Error, "a source table is gone";
    P0603 => DatabaseUnreachable, Error, "a database can't be reached";
    P0604 => ObjectStoreFailed, Error, "the object store failed";
    P0605 => FenceRefused, Error, "a newer run has taken over";
    P0606 => ExpectationFailed, Error, "rows are not as expected";
    P0607 => TargetWriteFailed, Error, "the target refused rows";
    P0608 => RunStateFailed, Error, "the run's state can't be read or written";
    P0610 => NoSuchRun, Error, "there is no such run";
    P0611 => PlanUnusable, Error, "the plan can't be used";
    P0613 => PartDamaged, Error, "a part is damaged or missing";
    P0614 => TargetTableUnfit, Error, "a target table does not fit its declaration";
    P0615 => KeyTwice, Error, "several rows have one key";
    P0616 => CsvUnreadable, Error, "a line of a CSV file is unreadable";
    P0617 => TranslationFailed, Error, "a translation failed";
    P0618 => OtherCountry, Error, "a query gives rows of another country";
    P0619 => EngineUnavailable, Error, "an engine is not available here";
    P0620 => StageStopped, Error, "a stage was stopped from outside";
    P0621 => RunOutdated, Warning, "the program has changed since the run was started";
    P0622 => KeyExists, Error, "a row to add is there already";
    P0623 => StateLost, Warning, "something in the state folder is lost";
    P0624 => RunNotStopping, Error, "a run does not stop";
    P0625 => RunSuperseded, Error, "a newer run has begun since";
    P0628 => ScratchFailed, Error, "the machine's own disk does not take the rows that are sorted";
    P0630 => SecretUnusable, Error, "a connection's secret can't be used";
    P0631 => ServerUnreachable, Error, "a database server does not answer";
    P0632 => ServerDenied, Error, "a database server denies access";
    P0633 => DatabaseUnknown, Error, "a server has no such database";
    P0634 => ServerReadOnly, Error, "a database server takes no writes";
    P0635 => ServerFull, Error, "a database server has no room";
    P0636 => TlsFailed, Error, "a connection can't be made private";
    P0637 => LocalInfileOff, Error, "a server takes no rows by `LOAD DATA LOCAL`";
    P0640 => BucketMissing, Error, "the bucket is not there";
    P0641 => BucketDenied, Error, "the object store denies access";
    P0642 => CredentialsRefused, Error, "AWS does not take the credentials";
    P0643 => ObjectStoreFull, Error, "the object store has no room";
    P0644 => JobEnvironmentWrong, Error, "a job's environment is wrong";
    P0663 => NotDeployed, Error, "something is not deployed";
    P0665 => RunStillGoing, Error, "a run is still going";

    P0701 => BuiltWithoutAws, Error, "this sluice was built without AWS";
    P0702 => CredentialsMissing, Error, "AWS does not know who asks";
    P0703 => WrongAccount, Error, "the credentials are those of another account";
    P0704 => NotOurs, Error, "a resource of that name is somebody else's";
    P0705 => CallDenied, Error, "a call to AWS is not allowed";
    P0706 => DocumentRefused, Error, "AWS refuses a document";
    P0707 => CallFailed, Error, "a call to AWS failed";
    P0708 => DeploymentLocked, Error, "another deployment goes on";
    P0709 => ValueMissing, Error, "a value that a deployment needs is not given";
    P0710 => NotConfirmed, Error, "nobody agreed to the plan";
    P0711 => UnknownUnit, Error, "there is no pipeline or survey of that name";
    P0712 => NoEarlierVersion, Error, "there is no earlier version to go back to";
    P0713 => OtherProgram, Error, "another program has a platform of that name in the account";
    P0714 => RecordsElsewhere, Warning, "Connect puts its contact records elsewhere";
    P0715 => OtherProcessor, Error, "a function's program is for another processor";

    P0901 => FileUnreadable, Error, "a file can't be read";
    P0902 => NotUtf8, Error, "a file is not UTF-8 text";
    P0903 => ProgramMissing, Error, "the program's folder is missing or empty";
    P0904 => FileUnwritable, Error, "a file can't be written";
    P0905 => GeneratedStale, Error, "generated files are not what the compiler makes";
    P0906 => NotFormatted, Error, "a file is not laid out canonically";
    P0907 => UnknownCode, Error, "there is no such code";
    P0908 => UnknownPipeline, Error, "a pipeline is not declared";
    P0909 => GeneratedInvalid, Error, "a generated document is one that AWS would refuse";
    P0920 => MachineUnusable, Error, "a state machine can't be executed";
    P0921 => JsonPathMachine, Error, "a state machine is written in JSONPath";
    P0922 => MocksUnusable, Error, "a file of mocks can't be used";
    P0923 => MockMissing, Error, "no mock answers a state";
    P0930 => ExpectationUnmet, Error, "a scenario ends otherwise than it says";
    P0931 => UnknownStage, Error, "a pipeline has no such stage";
    P0932 => NothingExpected, Error, "a scenario expects nothing";
    P0933 => NoSuchScenario, Error, "no scenario is called so";
    P0940 => FlowUnplayable, Error, "a contact flow can't be played";
    P0941 => KeysUnusable, Error, "a caller's script can't be read";
    P0942 => KeysMissing, Error, "a caller's script is too short";
    P0943 => KeysLeft, Warning, "a caller's script is too long";
    P0944 => UnknownFlow, Error, "a survey has no such flow";
    P0945 => UnknownSurvey, Error, "a survey is not declared";
    P0946 => ActionUnplayable, Error, "an action can't be played";
    P0947 => UnsetSpoken, Error, "something is spoken that was never set";
    P0948 => AnswerLost, Error, "an answer is lost";
    P0949 => CallEndless, Error, "a call does not end";
    P0951 => ItemsUnusable, Error, "exported items can't be used";
    P0952 => TableUnavailable, Error, "a table can't be read";

    V0101 => NotJson, Error, "a document is not JSON";
    V0102 => NoDocument, Error, "a document is empty or no object";
    V0103 => JsonKeyTwice, Error, "a key is given twice";
    V0105 => DefinitionTooLarge, Error, "a definition is larger than AWS takes";
    V0106 => NestedTooDeep, Error, "a document is nested too deep";

    V0201 => FieldMissing, Error, "a required field is missing";
    V0202 => FieldUnknown, Error, "a field does not exist";
    V0203 => FieldNotOfLanguage, Error, "a field belongs to the other query language";
    V0204 => FieldNotOfType, Error, "a field belongs to other types of states";
    V0205 => FieldWrongType, Error, "a field holds a value of the wrong type";
    V0206 => FieldEmpty, Error, "a field is empty";
    V0207 => NumberNotInRange, Error, "a number is out of its range";
    V0208 => NotOneOf, Error, "a value is none of those that are possible";
    V0209 => FieldsExclude, Error, "two fields exclude each other";
    V0210 => OneFieldNeeded, Error, "one of several fields is needed";
    V0211 => FieldTwiceForDollar, Error, "a field is given with and without `.$`";
    V0212 => NotATimestamp, Error, "a timestamp can't be read";
    V0213 => HeartbeatTooLong, Error, "a heartbeat is not shorter than its timeout";

    V0301 => TargetUnknown, Error, "a state that is named does not exist";
    V0302 => TargetElsewhere, Error, "a state that is named is out of reach";
    V0303 => NeverReached, Error, "a state is never reached";
    V0304 => NoEndState, Error, "no state ends the execution";
    V0305 => NextAndEnd, Error, "a state ends and goes on";
    V0306 => NoNextOrEnd, Error, "a state does not say how it goes on";
    V0307 => StateNameTwice, Error, "two states have the same name";
    V0308 => StateNameUnusable, Error, "a state's name can't be used";
    V0309 => NotOneComparison, Error, "a rule does not have exactly one comparison";
    V0310 => RuleNext, Error, "a rule's `Next` is missing or misplaced";

    V0401 => AllErrorsPlace, Error, "`States.ALL` is not alone or not the last";
    V0402 => ErrorNeverMatched, Warning, "an error's name never matches";

    V0501 => JsonataSyntax, Error, "a JSONata expression can't be read";
    V0502 => JsonataUnsupported, Error, "a JSONata expression asks for what Step Functions does not offer";
    V0503 => StatesFieldUndefined, Error, "a field of `$states` is not defined";
    V0504 => VariableUndefined, Warning, "a variable is read and was never assigned";
    V0505 => VariableUnusable, Error, "a variable's name can't be used";
    V0506 => LanguageNotAllowed, Error, "a query language can't be chosen here";
    V0507 => OuterVariable, Warning, "an outer variable is assigned inside";
    V0508 => ExpressionNotWhole, Warning, "an expression is only a part of a text";

    V0601 => PathSyntax, Error, "a path can't be read";
    V0602 => IntrinsicWrong, Error, "an intrinsic function is called wrongly";
    V0603 => NotAReferencePath, Error, "a result can't be put there";
    V0604 => DollarMissing, Warning, "a path is passed on as a text";
    V0605 => ResultIsStatic, Warning, "a Pass state's result is not computed";

    V0701 => ResourceUnknown, Error, "a resource can't be called";
    V0702 => PatternNotOffered, Error, "a call can't be waited for in that way";
    V0703 => NotForExpress, Error, "an EXPRESS machine can't do that";
    V0704 => ArgumentUnknown, Error, "a service does not take an argument";
    V0705 => NotAText, Error, "a service takes a text only";
    V0706 => ReservedName, Error, "a name is reserved";
    V0707 => NameUnusable, Error, "AWS does not take a name";
    V0708 => TooMany, Error, "there are more entries than AWS takes";
    V0709 => PayloadTooLarge, Error, "a payload is larger than AWS takes";

    V0801 => LabelUnusable, Error, "a Map state's label can't be used";
    V0802 => LabelTwice, Error, "two Map states have the same label";

    V0901 => FlowLegacy, Error, "a contact flow is in the old form";
    V0902 => ActionTypeNotReal, Error, "an action's type does not exist";
    V0903 => ActionTypeUnknown, Warning, "an action's type is not known";
    V0904 => PropertyMissing, Error, "a contact flow lacks a required property";
    V0905 => PropertyUnknown, Error, "an action can't have a parameter";
    V0906 => PropertyUnsure, Warning, "an action's parameter is not known";
    V0907 => PropertyUnfit, Error, "a property of a contact flow can't have that value";
    V0908 => PropertiesExclude, Error, "exactly one of several parameters is needed";
    V0909 => ErrorBranchMissing, Error, "an action lacks the branch of an error";
    V0910 => ErrorBranchRefused, Error, "an action can't have the branch of an error";
    V0911 => TransitionsRefused, Error, "an action that ends the flow leads on";
    V0912 => ConditionUnfit, Error, "an action can't have a condition";
    V0913 => ActionUnknown, Error, "an action that is named does not exist";
    V0914 => IdentifierUnusable, Error, "an action's identifier can't be used";
    V0915 => IdentifierTwice, Error, "two actions have the same identifier";
    V0916 => ActionNeverReached, Warning, "an action is never reached";
    V0917 => ActionMisplaced, Warning, "an action does not work in flows of that type";
    V0918 => FlowTooLarge, Error, "a contact flow is larger than Connect takes";
}

impl Code {
    /// The code with that name, whatever its case: `p0101`.
    pub fn find(name: &str) -> Option<Self> {
        Self::all().iter().copied().find(|it| it.as_str().eq_ignore_ascii_case(name))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
