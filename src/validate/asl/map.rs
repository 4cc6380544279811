//! Map states: what is read, what runs for each item, what is written.

use super::{
    check::{Check, Here},
    integration,
    spec::{BATCHER, CALL, Language, PROCESSOR_CONFIG, READER, READER_CONFIG, WRITER, WRITER_CONFIG},
};
use crate::{
    diagnostics::{Code, Diagnostic},
    validate::json::Object,
};

/// AWS takes so many characters.
const LONGEST_LABEL: usize = 40;

pub(crate) fn check(check: &mut Check<'_>, state: &Object<'_>, here: Here<'_>) {
    // An Iterator in JSONata has been told already.
    if here.language == Language::JsonPath || !state.has("Iterator") {
        check.exactly_one(state, here.state, &["ItemProcessor", "Iterator"], here.what);
    }
    if here.language == Language::JsonPath {
        for pair in [
            ["ItemSelector", "Parameters"],
            ["MaxConcurrency", "MaxConcurrencyPath"],
            ["ToleratedFailureCount", "ToleratedFailureCountPath"],
            ["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"],
        ] {
            let _ = check.at_most_one(state, &pair);
        }
    }
    label(check, state);
    processor(check, state, here);
    reader(check, state, here);
    if let Some((field, batcher)) = state.field("ItemBatcher").and_then(|it| Some((it, it.node.object()?))) {
        check.fields(batcher, field.at, &[BATCHER], &[], Here { what: "an item batcher", ..here });
        if here.language == Language::JsonPath {
            let _ = check.at_most_one(batcher, &["MaxItemsPerBatch", "MaxItemsPerBatchPath"]);
            let _ = check.at_most_one(batcher, &["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"]);
        }
    }
    writer(check, state, here);
}

fn label(check: &mut Check<'_>, state: &Object<'_>) {
    let Some(field) = state.field("Label") else { return };
    let Some(text) = field.node.text() else { return };
    let length = text.chars().count();
    let bad = text
        .chars()
        .find(|it| it.is_whitespace() || it.is_control() || "?*<>{}[]:;,\\|^~$#%&`\"/".contains(*it));
    let problem = match bad {
        Some(bad) => format!("{bad:?} can't be part of it"),
        None if length == 0 || length > LONGEST_LABEL => {
            format!("it has {length} characters; a label has 1 to {LONGEST_LABEL}")
        }
        None => return,
    };
    check.tell(
        Diagnostic::new(Code::LabelUnusable, format!("a Map state can't have the label `{text}`"))
            .label(field.node.span, problem)
            .help("use letters, digits, `-` and `_`"),
    );
}

fn processor(check: &mut Check<'_>, state: &Object<'_>, here: Here<'_>) {
    let Some(config) = state.object("ItemProcessor").and_then(|it| it.field("ProcessorConfig")) else {
        return;
    };
    let Some(object) = config.node.object() else { return };
    check.fields(object, config.at, &[PROCESSOR_CONFIG], &[], Here { what: "a processor's config", ..here });
    let Some(mode) = object.field("Mode") else { return };
    if mode.node.text() != Some("DISTRIBUTED") {
        return;
    }
    if !object.has("ExecutionType") {
        check.missing(mode.at, "a distributed processor", "ExecutionType");
    }
    if here.express {
        check.tell(
            Diagnostic::new(
                Code::NotForExpress,
                "a machine of the type EXPRESS has no distributed Map states",
            )
            .label(mode.node.span, "")
            .help("make the machine STANDARD, or the Map state INLINE"),
        );
    }
}

fn reader(check: &mut Check<'_>, state: &Object<'_>, here: Here<'_>) {
    let Some(field) = state.field("ItemReader") else { return };
    let Some(reader) = field.node.object() else { return };
    let what = Here { what: "an item reader", ..here };
    check.fields(reader, field.at, &[READER, CALL], &["Resource"], what);
    integration::storage(check, reader, &["s3:getObject", "s3:listObjectsV2"]);
    let Some(config) = reader.field("ReaderConfig") else { return };
    let Some(object) = config.node.object() else { return };
    let what = Here { what: "a reader's config", ..here };
    check.fields(object, config.at, &[READER_CONFIG], &[], what);
    if here.language == Language::JsonPath {
        let _ = check.at_most_one(object, &["MaxItems", "MaxItemsPath"]);
    }
}

fn writer(check: &mut Check<'_>, state: &Object<'_>, here: Here<'_>) {
    let Some(field) = state.field("ResultWriter") else { return };
    let Some(writer) = field.node.object() else { return };
    if writer.fields.is_empty() {
        return check.empty(field);
    }
    let what = Here { what: "a result writer", ..here };
    check.fields(writer, field.at, &[WRITER, CALL], &[], what);
    if writer.has("Resource") {
        let arguments = match here.language {
            Language::Jsonata => "Arguments",
            Language::JsonPath => "Parameters",
        };
        if !writer.has(arguments) {
            check.missing(field.at, "a result writer", arguments);
        }
        integration::storage(check, writer, &["s3:putObject"]);
    } else if !writer.has("WriterConfig") {
        check.missing(field.at, "a result writer", "Resource");
    }
    if let Some((config, object)) = writer.field("WriterConfig").and_then(|it| Some((it, it.node.object()?)))
    {
        let what = Here { what: "a writer's config", ..here };
        check.fields(object, config.at, &[WRITER_CONFIG], &[], what);
    }
}
