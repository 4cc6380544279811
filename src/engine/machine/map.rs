//! Reads a Map, inline or distributed.

use super::fields::Fields;
use super::flow::{effects, recovery, transition};
use super::read::{COMMON, FLOW, RECOVERY, states};
use super::{
    Distributed, ItemBatcher, ItemReader, ItemSource, MachineError, Map, ResultWriter, Transformation,
};

const DISTRIBUTED: &[&str] = &[
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
];

pub(super) fn map(name: &str, fields: &Fields<'_>) -> Result<Map, MachineError> {
    const KNOWN: &[&str] = &["Items", "ItemSelector", "MaxConcurrency", "ItemProcessor"];
    let processor = fields.object("ItemProcessor")?;
    processor.only(&[&["ProcessorConfig", "StartAt", "States", "Comment"]], "item processor")?;
    let is_distributed = is_distributed(&processor)?;
    let allowed: &[&str] = if is_distributed { DISTRIBUTED } else { &[] };
    let what = if is_distributed { "distributed Map" } else { "inline Map" };
    fields.only(&[COMMON, FLOW, RECOVERY, KNOWN, allowed], what)?;
    Ok(Map {
        items: fields.template("Items")?,
        item_selector: fields.template("ItemSelector")?,
        max_concurrency: fields.template("MaxConcurrency")?,
        processor: states(&processor)?,
        distributed: if is_distributed { Some(distributed(name, fields)?) } else { None },
        recovery: recovery(fields)?,
        effects: effects(fields)?,
        transition: transition(fields)?,
    })
}

fn is_distributed(processor: &Fields<'_>) -> Result<bool, MachineError> {
    if !processor.has("ProcessorConfig") {
        return Ok(false);
    }
    let config = processor.object("ProcessorConfig")?;
    config.only(&[&["Mode", "ExecutionType"]], "processor config")?;
    let mode = config.typed("Mode", "`INLINE` or `DISTRIBUTED`", |value| match value.as_str() {
        Some("INLINE") => Some(false),
        Some("DISTRIBUTED") => Some(true),
        Some(_) | None => None,
    })?;
    let _ = config.typed("ExecutionType", "`STANDARD` or `EXPRESS`", |value| {
        value.as_str().filter(|it| matches!(*it, "STANDARD" | "EXPRESS"))
    })?;
    Ok(mode.unwrap_or(false))
}

fn distributed(name: &str, fields: &Fields<'_>) -> Result<Distributed, MachineError> {
    let has = |field| fields.has(field);
    Ok(Distributed {
        label: fields.text("Label")?.map(str::to_owned),
        reader: if has("ItemReader") { Some(reader(name, &fields.object("ItemReader")?)?) } else { None },
        batcher: if has("ItemBatcher") { Some(batcher(&fields.object("ItemBatcher")?)?) } else { None },
        tolerated_count: fields.template("ToleratedFailureCount")?,
        tolerated_percentage: fields.template("ToleratedFailurePercentage")?,
        writer: if has("ResultWriter") { Some(writer(&fields.object("ResultWriter")?)?) } else { None },
    })
}

fn reader(name: &str, fields: &Fields<'_>) -> Result<ItemReader, MachineError> {
    fields.only(&[&["Resource", "ReaderConfig", "Arguments"]], "item reader")?;
    let config = if fields.has("ReaderConfig") { Some(fields.object("ReaderConfig")?) } else { None };
    let resource = fields.required_text("Resource")?;
    let not_supported = |at: String, what| MachineError::NotSupported { at, state: name.to_owned(), what };
    let source = if resource.ends_with(":s3:listObjectsV2") {
        ItemSource::Listing
    } else if resource.ends_with(":s3:getObject") {
        let Some(config) = &config else {
            return Err(MachineError::Missing { at: fields.at.clone(), field: "ReaderConfig" });
        };
        match config.required_text("InputType")? {
            "CSV" => csv(config)?,
            "JSON" => {
                ItemSource::Json { pointer: config.text("ItemsPointer")?.unwrap_or_default().to_owned() }
            }
            "JSONL" => ItemSource::JsonLines,
            "PARQUET" => return Err(not_supported(config.at("InputType"), "items in Parquet")),
            "MANIFEST" => return Err(not_supported(config.at("InputType"), "an inventory's manifest")),
            _ => {
                return Err(MachineError::Unexpected {
                    at: config.at("InputType"),
                    expected: "`CSV`, `JSON`, `JSONL`, `PARQUET` or `MANIFEST`",
                });
            }
        }
    } else {
        return Err(not_supported(fields.at("Resource"), "an item reader other than S3's"));
    };
    let max_items = match &config {
        Some(config) => config.template("MaxItems")?,
        None => None,
    };
    Ok(ItemReader { source, arguments: fields.required_template("Arguments")?, max_items })
}

fn csv(config: &Fields<'_>) -> Result<ItemSource, MachineError> {
    let given =
        config.typed("CSVHeaderLocation", "`FIRST_ROW` or `GIVEN`", |value| match value.as_str() {
            Some("FIRST_ROW") => Some(false),
            Some("GIVEN") => Some(true),
            Some(_) | None => None,
        })?;
    let headers = if given == Some(true) { Some(config.texts("CSVHeaders")?) } else { None };
    let delimiter = config.typed(
        "CSVDelimiter",
        "`COMMA`, `PIPE`, `SEMICOLON`, `SPACE` or `TAB`",
        |value| match value.as_str() {
            Some("COMMA") => Some(b','),
            Some("PIPE") => Some(b'|'),
            Some("SEMICOLON") => Some(b';'),
            Some("SPACE") => Some(b' '),
            Some("TAB") => Some(b'\t'),
            Some(_) | None => None,
        },
    )?;
    Ok(ItemSource::Csv { headers, delimiter: delimiter.unwrap_or(b',') })
}

fn batcher(fields: &Fields<'_>) -> Result<ItemBatcher, MachineError> {
    fields.only(&[&["MaxItemsPerBatch", "MaxInputBytesPerBatch", "BatchInput"]], "item batcher")?;
    let batcher = ItemBatcher {
        max_items: fields.template("MaxItemsPerBatch")?,
        max_bytes: fields.template("MaxInputBytesPerBatch")?,
        input: fields.template("BatchInput")?,
    };
    if batcher.max_items.is_none() && batcher.max_bytes.is_none() {
        return Err(MachineError::Missing { at: fields.at.clone(), field: "MaxItemsPerBatch" });
    }
    Ok(batcher)
}

fn writer(fields: &Fields<'_>) -> Result<ResultWriter, MachineError> {
    fields.only(&[&["Resource", "Arguments", "WriterConfig"]], "result writer")?;
    let arguments = match fields.text("Resource")? {
        None => None,
        Some(resource) if resource.ends_with(":s3:putObject") => Some(fields.required_template("Arguments")?),
        Some(_) => {
            let expected = "`arn:aws:states:::s3:putObject`";
            return Err(MachineError::Unexpected { at: fields.at("Resource"), expected });
        }
    };
    let mut writer = ResultWriter { arguments, transformation: Transformation::None, lines: false };
    if fields.has("WriterConfig") {
        let config = fields.object("WriterConfig")?;
        let read = config.typed("Transformation", "`NONE`, `COMPACT` or `FLATTEN`", |value| {
            match value.as_str() {
                Some("NONE") => Some(Transformation::None),
                Some("COMPACT") => Some(Transformation::Compact),
                Some("FLATTEN") => Some(Transformation::Flatten),
                Some(_) | None => None,
            }
        })?;
        writer.transformation = read.unwrap_or(Transformation::None);
        let lines = config.typed("OutputType", "`JSON` or `JSONL`", |value| match value.as_str() {
            Some("JSON") => Some(false),
            Some("JSONL") => Some(true),
            Some(_) | None => None,
        })?;
        writer.lines = lines.unwrap_or(false);
    } else if writer.arguments.is_none() {
        return Err(MachineError::Missing { at: fields.at.clone(), field: "WriterConfig" });
    }
    Ok(writer)
}
