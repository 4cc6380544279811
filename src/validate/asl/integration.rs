//! What a Task can call: which services, which of their actions, and how each can be waited for.

use super::check::Check;
use crate::{
    diagnostics::{Code, Diagnostic, suggest, words},
    source::Span,
    validate::json::{Field, Object},
};

/// How a Task goes on after the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// At once.
    Request,
    /// `.sync`: when the job has ended.
    Sync,
    /// `.sync:2`
    Sync2,
    /// `.waitForTaskToken`: when somebody calls back.
    Token,
}

impl Pattern {
    const ALL: [Self; 4] = [Self::Request, Self::Sync, Self::Sync2, Self::Token];

    /// Behind the action's name.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Request => "",
            Self::Sync => ".sync",
            Self::Sync2 => ".sync:2",
            Self::Token => ".waitForTaskToken",
        }
    }
}

const REQUEST: &[Pattern] = &[Pattern::Request];
const JOB: &[Pattern] = &[Pattern::Request, Pattern::Sync];
const CALLBACK: &[Pattern] = &[Pattern::Request, Pattern::Token];
const JOB_OR_CALLBACK: &[Pattern] = &[Pattern::Request, Pattern::Sync, Pattern::Token];

/// The optimized integrations.
const ACTIONS: &[(&str, &[Pattern])] = &[
    ("apigateway:invoke", CALLBACK),
    ("athena:getQueryExecution", REQUEST),
    ("athena:getQueryResults", REQUEST),
    ("athena:startQueryExecution", JOB),
    ("athena:stopQueryExecution", REQUEST),
    ("batch:submitJob", JOB),
    ("bedrock:createModelCustomizationJob", JOB),
    ("bedrock:invokeModel", CALLBACK),
    ("codebuild:batchDeleteBuilds", REQUEST),
    ("codebuild:batchGetReports", REQUEST),
    ("codebuild:deleteBuildBatch", REQUEST),
    ("codebuild:retryBuildBatch", JOB),
    ("codebuild:startBuild", JOB),
    ("codebuild:startBuildBatch", JOB),
    ("codebuild:stopBuild", REQUEST),
    ("codebuild:stopBuildBatch", REQUEST),
    ("databrew:startJobRun", JOB),
    ("dynamodb:deleteItem", REQUEST),
    ("dynamodb:getItem", REQUEST),
    ("dynamodb:putItem", REQUEST),
    ("dynamodb:updateItem", REQUEST),
    ("ecs:runTask", JOB_OR_CALLBACK),
    ("eks:call", CALLBACK),
    ("eks:createCluster", JOB),
    ("eks:createFargateProfile", JOB),
    ("eks:createNodegroup", JOB),
    ("eks:deleteCluster", JOB),
    ("eks:deleteFargateProfile", JOB),
    ("eks:deleteNodegroup", JOB),
    ("eks:runJob", JOB_OR_CALLBACK),
    ("elasticmapreduce:addStep", JOB),
    ("elasticmapreduce:cancelStep", REQUEST),
    ("elasticmapreduce:createCluster", JOB),
    ("elasticmapreduce:modifyInstanceFleetByName", REQUEST),
    ("elasticmapreduce:modifyInstanceGroupByName", REQUEST),
    ("elasticmapreduce:setClusterTerminationProtection", REQUEST),
    ("elasticmapreduce:terminateCluster", JOB),
    ("emr-containers:createVirtualCluster", REQUEST),
    ("emr-containers:deleteVirtualCluster", JOB),
    ("emr-containers:startJobRun", JOB),
    ("emr-serverless:cancelJobRun", JOB),
    ("emr-serverless:createApplication", JOB),
    ("emr-serverless:deleteApplication", JOB),
    ("emr-serverless:startApplication", JOB),
    ("emr-serverless:startJobRun", JOB),
    ("emr-serverless:stopApplication", JOB),
    ("events:putEvents", CALLBACK),
    ("glue:startJobRun", JOB),
    ("http:invoke", REQUEST),
    ("lambda:invoke", CALLBACK),
    ("mediaconvert:createJob", JOB),
    ("sagemaker:createEndpoint", REQUEST),
    ("sagemaker:createEndpointConfig", REQUEST),
    ("sagemaker:createHyperParameterTuningJob", JOB),
    ("sagemaker:createLabelingJob", JOB),
    ("sagemaker:createModel", REQUEST),
    ("sagemaker:createProcessingJob", JOB),
    ("sagemaker:createTrainingJob", JOB),
    ("sagemaker:createTransformJob", JOB),
    ("sagemaker:updateEndpoint", REQUEST),
    ("sns:publish", CALLBACK),
    ("sqs:sendMessage", CALLBACK),
    ("states:startExecution", &Pattern::ALL),
];

/// What a Resource names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Called<'t> {
    /// A function, by its own ARN.
    Function,
    Activity,
    /// One of the optimized integrations, such as `batch:submitJob`.
    Optimized {
        action: &'static str,
        pattern: Pattern,
    },
    /// An action of the SDK.
    Sdk {
        pattern: Pattern,
    },
    /// A text that is filled in later: `${FunctionArn}`.
    Later(&'t str),
}

/// What the Resource of a Task calls; none where it can't be recognised, which is told.
pub(crate) fn called<'t>(check: &mut Check<'_>, field: &'t Field<'t>) -> Option<Called<'t>> {
    let text = field.node.text()?;
    let at = field.node.span;
    if text.contains("${") {
        return Some(Called::Later(text));
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, service, region, account, rest] = parts.as_slice() else {
        return unknown(check, at, text, "write an ARN such as `arn:aws:states:::lambda:invoke`");
    };
    if !(*partition == "aws" || partition.starts_with("aws-")) {
        return unknown(
            check,
            at,
            text,
            "the second part of an ARN is a partition: `aws`, `aws-cn` or the like",
        );
    }
    match (*service, *region, *account) {
        ("states", "", "") => integration(check, at, text, rest),
        ("lambda", _, _) if rest.strip_prefix("function:").is_some_and(|it| !it.is_empty()) => {
            Some(Called::Function)
        }
        ("states", _, _) if rest.strip_prefix("activity:").is_some_and(|it| !it.is_empty()) => {
            Some(Called::Activity)
        }
        _ => unknown(
            check,
            at,
            text,
            "a Task calls a function, an activity or an integration (`arn:aws:states:::SERVICE:ACTION`)",
        ),
    }
}

fn unknown<T>(check: &mut Check<'_>, at: Span, text: &str, help: &str) -> Option<T> {
    check.tell(
        Diagnostic::new(Code::ResourceUnknown, format!("`{text}` is nothing that a Task can call"))
            .label(at, "")
            .help(help),
    );
    None
}

fn integration<'t>(check: &mut Check<'_>, at: Span, text: &str, rest: &str) -> Option<Called<'t>> {
    let (name, suffix) = match rest.split_once('.') {
        Some((name, _)) => (name, rest.strip_prefix(name).unwrap_or_default()),
        None => (rest, ""),
    };
    let Some(pattern) = Pattern::ALL.into_iter().find(|it| it.suffix() == suffix) else {
        let suffixes = Pattern::ALL.iter().map(|it| it.suffix());
        let diagnostic =
            Diagnostic::new(Code::PatternNotOffered, format!("`{suffix}` is no way to wait")).label(at, "");
        check.tell(match suggest::closest(suffix, suffixes) {
            Some(meant) => diagnostic
                .help(format!("did you mean `{meant}`?"))
                .suggest(at, format!("\"{}\"", text.replace(suffix, meant))),
            None => diagnostic.help("the ways are `.sync`, `.sync:2` and `.waitForTaskToken`"),
        });
        return None;
    };
    if let Some(action) = name.strip_prefix("aws-sdk:") {
        return sdk(check, at, text, action, pattern);
    }
    let Some((action, patterns)) = ACTIONS.iter().find(|it| it.0 == name) else {
        let diagnostic =
            Diagnostic::new(Code::ResourceUnknown, format!("there is no integration `{name}`")).label(at, "");
        check.tell(match suggest::closest(name, ACTIONS.iter().map(|it| it.0)) {
            Some(meant) => diagnostic
                .help(format!("did you mean `{meant}`?"))
                .suggest(at, format!("\"{}\"", text.replace(name, meant))),
            None => diagnostic.help(format!("any action of a service can be called as `aws-sdk:{name}`")),
        });
        return None;
    };
    if !patterns.contains(&pattern) {
        not_offered(check, at, action, pattern, patterns);
        return None;
    }
    Some(Called::Optimized { action, pattern })
}

fn sdk<'t>(
    check: &mut Check<'_>,
    at: Span,
    text: &str,
    action: &str,
    pattern: Pattern,
) -> Option<Called<'t>> {
    let shaped = action.split_once(':').is_some_and(|(service, action)| {
        let service = !service.is_empty()
            && service.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
        service
            && action.starts_with(|it: char| it.is_ascii_lowercase())
            && action.bytes().all(|it| it.is_ascii_alphanumeric())
    });
    if !shaped {
        let help =
            "write `aws-sdk:SERVICE:ACTION`, the action starting in lower case: `aws-sdk:s3:headObject`";
        return unknown(check, at, text, help);
    }
    if !CALLBACK.contains(&pattern) {
        not_offered(check, at, &format!("aws-sdk:{action}"), pattern, CALLBACK);
        return None;
    }
    Some(Called::Sdk { pattern })
}

fn not_offered(check: &mut Check<'_>, at: Span, action: &str, pattern: Pattern, patterns: &[Pattern]) {
    let offered = patterns.iter().filter(|it| **it != Pattern::Request).map(|it| it.suffix());
    let offered: Vec<_> = offered.collect();
    let help = if offered.is_empty() {
        format!("write `{action}`: its result is there when the call returns")
    } else {
        format!("write `{action}`, or `{action}` with {}", words::or_ticked(offered))
    };
    check.tell(
        Diagnostic::new(
            Code::PatternNotOffered,
            format!("`{action}` can't be called with `{}`", pattern.suffix()),
        )
        .label(at, "")
        .help(help),
    );
}

/// The Resource of an item reader or a result writer.
pub(crate) fn storage(check: &mut Check<'_>, holder: &Object<'_>, allowed: &[&str]) {
    let Some(field) = holder.field("Resource") else { return };
    let Some(text) = field.node.text() else { return };
    let name = text.strip_prefix("arn:").and_then(|it| it.split_once(":states:::"));
    if text.contains("${") || name.is_some_and(|(_, name)| allowed.contains(&name)) {
        return;
    }
    let diagnostic = Diagnostic::new(Code::ResourceUnknown, format!("`{text}` can't be called here"))
        .label(field.node.span, "");
    let wanted: Vec<String> = allowed.iter().map(|it| format!("arn:aws:states:::{it}")).collect();
    check.tell(diagnostic.help(format!("it can be {}", words::or_ticked(wanted))));
}
