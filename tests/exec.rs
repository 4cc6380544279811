//! `sluice exec`, as a user sees it, and the examples of `docs/testing.md`.

use crate::{pages::blocks, support::Scene};

const PAGE: &str = include_str!("../docs/testing.md");

fn documented() -> Scene {
    let scene = Scene::empty();
    for (tag, file) in [("json machine", "orders.asl.json"), ("json mocks", "mocks.json")] {
        let [text] = blocks(PAGE, tag).try_into().unwrap();
        scene.write(file, &text);
    }
    scene
}

#[test]
fn the_documented_machine_succeeds_at_the_second_try() {
    let scene = documented();
    scene.write("input.json", "{\"order\": 7}");
    let line = "exec orders.asl.json --mocks mocks.json --case AtTheSecondTry --start 2026-01-05T02:30Z";
    let told = scene.sluice(&format!("{line} --input @input.json")).fine();
    insta::assert_snapshot!(told.out);
    let told = scene.sluice(&format!("{line} --format json")).fine().json();
    assert_eq!(told["status"], "SUCCEEDED");
    assert_eq!(told["output"]["paid"], true);
    assert_eq!(told["stopDate"], "2026-01-05T02:30:03Z");
    assert_eq!(told["events"][1]["stateEnteredEventDetails"]["name"], "Charge");
}

#[test]
fn what_cant_be_executed_is_told() {
    let scene = documented();
    let _ = scene.sluice("exec none.json").problem("P0901");
    let _ = scene.sluice("exec orders.asl.json").problem("P0923").says("call 0 of the state `Charge`");
    let _ = scene.sluice("exec orders.asl.json --mocks mocks.json --machine x").problem("P0922");
    scene.write("path.asl.json", "{\"StartAt\": \"A\", \"States\": {}}");
    let _ = scene.sluice("exec path.asl.json").problem("P0921");
    scene.write("broken.asl.json", "{\"QueryLanguage\": \"JSONata\", \"StartAt\": \"A\"}");
    let _ = scene.sluice("exec broken.asl.json").problem("P0920").says("lacks the field `States`");
    scene.write("input.json", "{");
    let _ = scene.sluice("exec orders.asl.json --input @input.json").problem("P0901");
    assert_eq!(scene.sluice("exec orders.asl.json --input {").code, Some(2));
    assert_eq!(scene.sluice("exec orders.asl.json --format junit").code, Some(2));
}

#[test]
fn a_failed_execution_exits_with_1() {
    let scene = Scene::empty();
    let fail = r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E", "Cause": "why"}}}"#;
    scene.write("m.asl.json", fail);
    let told = scene.sluice("exec m.asl.json");
    assert_eq!(told.code, Some(1));
    assert!(told.out.contains("error: E") && told.out.contains("cause: why"), "{}", told.out);
}

#[test]
fn a_distributed_map_reads_and_writes_files() {
    let scene = Scene::empty();
    scene.write("s3/b/rows.csv", "id\n1\n2\n");
    scene.write(
        "m.asl.json",
        r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Arguments": {"Bucket": "b", "Key": "rows.csv"},
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}},
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "b", "Prefix": "out"},
                "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSONL"}}}}}"#,
    );
    let told = scene.sluice("exec m.asl.json");
    assert!(told.code == Some(1) && told.out.contains("error: States.ItemReaderFailed"), "{}", told.out);
    let told = scene.sluice("exec m.asl.json --objects s3 --format json").fine().json();
    let key = told["output"]["ResultWriterDetails"]["Key"].as_str().unwrap();
    let results = key.replace("manifest.json", "SUCCEEDED_0.jsonl");
    assert_eq!(scene.read(&format!("s3/b/{results}")), "{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
    assert_eq!(told["mapRuns"][0]["executions"].as_array().unwrap().len(), 2);
}
