//! The template of what all pipelines share: what it promises of itself, and that other documents mean the same things.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;
use sluice::{
    compile::compile,
    emit::{PLATFORM_PATH, emit_environment, job_definitions_path},
    lower::Plan,
    source::{DiskFiles, MemoryFiles, Sources},
    targets::platform::{LONGEST, LONGEST_INLINE, MOST_RESOURCES, code_parameters},
};

fn shipped() -> (Plan, Sources) {
    let compiled = compile(&DiskFiles::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines")));
    (compiled.plan.unwrap(), compiled.sources)
}

fn files(plan: &Plan, sources: &Sources, environment: &str) -> BTreeMap<String, String> {
    emit_environment(plan, plan.environment(environment).unwrap(), sources).unwrap().files
}

fn template() -> Value {
    let (plan, sources) = shipped();
    serde_json::from_str(&files(&plan, &sources, "prod")[PLATFORM_PATH]).unwrap()
}

/// A program of one pipeline and the given lines of its platform.
fn small(platform: &str) -> Value {
    let program = format!(
        "platform p {{\n environment prod {{\n account 111111111111\n region eu-west-1\n }}\n \
         connection c {{\n prod mysql secret \"c\"\n }}\n target c\n {platform}\n}}\n\
         table t {{\n id integer key\n}}\n\
         pipeline a {{\n country gr\n source c\n into t {{\n extract \"t.sql\"\n publish upsert\n }}\n}}\n"
    );
    let files = MemoryFiles::default().with("p.pipe", program).with("t.sql", "select id from t");
    let compiled = compile(&files);
    let plan = compiled.plan.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    serde_json::from_str(&self::files(&plan, &compiled.sources, "prod")[PLATFORM_PATH]).unwrap()
}

/// Every statement of every policy, with the logical id of its resource.
fn statements(template: &Value) -> Vec<(String, Value)> {
    fn walk(value: &Value, of: &str, found: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::Array(all)) = fields.get("Statement") {
                    found.extend(all.iter().map(|it| (of.to_owned(), it.clone())));
                }
                fields.values().for_each(|it| walk(it, of, found));
            }
            Value::Array(all) => all.iter().for_each(|it| walk(it, of, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut found = Vec::new();
    for (id, resource) in template["Resources"].as_object().unwrap() {
        walk(resource, id, &mut found);
    }
    found
}

#[test]
fn a_resource_is_a_star_only_where_the_template_says_why() {
    let template = template();
    let explained: BTreeSet<(String, String)> = template["Metadata"]["Sluice"]["Wildcards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            assert!(it["Reason"].as_str().unwrap().len() > 40, "{it}");
            (it["Resource"].as_str().unwrap().to_owned(), it["Sid"].as_str().unwrap().to_owned())
        })
        .collect();
    let is_star = |it: &Value| it["Resource"].as_array().is_some_and(|all| all.contains(&"*".into()));
    let stars: BTreeSet<(String, String)> = statements(&template)
        .into_iter()
        .filter(|(_, it)| is_star(it))
        .map(|(id, it)| (id, it["Sid"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(stars, explained);
}

#[test]
fn no_statement_allows_all_actions_or_anybody() {
    for (id, statement) in statements(&template()).into_iter().filter(|it| it.1["Effect"] == "Allow") {
        let actions = statement["Action"].as_array().unwrap();
        // Nobody else could ever change the policy of a key whose owner may not.
        if (id.as_str(), statement["Sid"].as_str().unwrap()) != ("ContactsKey", "Administer") {
            assert!(actions.iter().all(|it| !it.as_str().unwrap().contains('*')), "{id} {statement}");
        }
        let is_held = !statement["Condition"]["ArnLike"]["aws:PrincipalArn"].is_null();
        assert!(statement["Principal"] != "*" || is_held, "{id} {statement}");
    }
}

#[test]
fn it_fits_and_the_first_time_it_fits_into_the_request() {
    let (plan, sources) = shipped();
    for environment in plan.environments.iter().filter(|it| it.on_aws) {
        let text = &files(&plan, &sources, &environment.name)[PLATFORM_PATH];
        let value: Value = serde_json::from_str(text).unwrap();
        assert!(value["Resources"].as_object().unwrap().len() <= MOST_RESOURCES);
        assert!(text.len() <= LONGEST);
        // The bucket that a longer one would be put into is made by the template itself.
        let short = serde_json::to_string(&value).unwrap();
        assert!(short.len() <= LONGEST_INLINE, "{} bytes", short.len());
    }
}

#[test]
fn a_country_more_or_less_changes_nothing_in_it() {
    let (mut plan, sources) = shipped();
    let with_all = files(&plan, &sources, "prod")[PLATFORM_PATH].clone();
    for environment in &mut plan.environments {
        environment.pipelines.truncate(1);
    }
    assert_eq!(files(&plan, &sources, "prod")[PLATFORM_PATH], with_all);
}

#[test]
fn an_environment_without_an_account_has_none() {
    let (plan, sources) = shipped();
    assert!(!files(&plan, &sources, "local").contains_key(PLATFORM_PATH));
    assert!(files(&plan, &sources, "test").contains_key(PLATFORM_PATH));
}

#[test]
fn where_no_survey_is_asked_there_is_nothing_for_surveys() {
    let template = small("channel ops email \"ops@example.com\"\n notify ops on failure");
    let ids: Vec<&String> = template["Resources"].as_object().unwrap().keys().collect();
    let of_surveys = |it: &&&String| it.contains("Survey") || it.contains("Contacts");
    assert_eq!(ids.iter().filter(of_surveys).count(), 0, "{ids:?}");
    assert_eq!(code_parameters(false).len(), 2);
}

#[test]
fn an_email_channel_is_a_subscription_to_what_it_is_told_of() {
    let template = small(
        "channel on_call email \"ops@example.com\"\n channel chat slack secret \"chat\"\n \
         notify on_call, chat on overlap, failure\n notify chat on recovery",
    );
    let resources = &template["Resources"];
    let told = &resources["OnCallEmailOfNotifications"]["Properties"];
    assert_eq!(told["Endpoint"], "ops@example.com");
    assert_eq!(told["FilterPolicy"]["occasion"], serde_json::json!(["failure", "overlap", "quality_gate"]));
    assert!(resources["OnCallEmailOfAlarms"]["Properties"]["FilterPolicy"].is_null());
    let channels = &resources["Notify"]["Properties"]["Environment"]["Variables"]["SLUICE_CHANNELS"];
    let channels: Vec<sluice_lambdas::notify::Channel> =
        serde_json::from_str(channels.as_str().unwrap()).unwrap();
    assert_eq!(channels.len(), 1);
    assert_eq!((channels[0].name.as_str(), channels[0].secret.as_str()), ("chat", "chat"));
    assert_eq!(channels[0].occasions.len(), 3);
}

/// What `pointer` finds in each of the two documents is the same name.
#[test]
fn other_documents_mean_what_the_template_makes() {
    let (plan, sources) = shipped();
    let files = files(&plan, &sources, "prod");
    let template: Value = serde_json::from_str(&files[PLATFORM_PATH]).unwrap();
    let made = |id: &str, name: &str| {
        template["Resources"][id]["Properties"][name]
            .as_str()
            .unwrap_or_else(|| panic!("{id}.{name}"))
            .to_owned()
    };
    let read = |path: &str| -> Value { serde_json::from_str(&files[path]).unwrap() };
    let definition = read(&job_definitions_path("greece"))[0].clone();
    let container = &definition["containerProperties"];
    let last = |it: &Value| it.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!(last(&container["executionRoleArn"]), made("JobExecutionRole", "RoleName"));
    let image = last(&container["image"]);
    assert_eq!(image.split(':').next().unwrap(), made("WorkerRepository", "RepositoryName"));
    assert_eq!(
        container["logConfiguration"]["options"]["awslogs-group"].as_str().unwrap(),
        made("JobLogs", "LogGroupName")
    );
    let variables: BTreeMap<&str, &str> = container["environment"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["name"].as_str().unwrap(), it["value"].as_str().unwrap()))
        .collect();
    assert_eq!(variables["SLUICE_BUCKET"], made("Bucket", "BucketName"));
    assert_eq!(variables["SLUICE_RUNS_TABLE"], made("RunsTable", "TableName"));
    let schedule = read("pipelines/greece/schedule.json")[0].clone();
    assert_eq!(schedule["GroupName"].as_str().unwrap(), made("ScheduleGroup", "Name"));
    let machine = &files["pipelines/greece/state-machine.asl.json"];
    assert!(machine.contains(&format!("job-queue/{}\"", made("JobQueue", "JobQueueName"))));
    assert!(machine.contains(&format!("\"{}\"", made("RunsTable", "TableName"))));
    // The pipeline's own roles are named where they are used.
    let roles = read("pipelines/greece/policy.json")["roles"].clone();
    assert_eq!(roles["job"]["RoleName"], last(&container["jobRoleArn"]));
    assert_eq!(roles["schedule"]["RoleName"], last(&schedule["Target"]["RoleArn"]));
    let flow = &files["surveys/satisfaction/outbound.flow.json"];
    assert!(flow.contains(&format!("function:{}\"", made("SurveyResult", "FunctionName"))));
}

#[test]
fn the_queue_of_events_waits_longer_than_the_function_works() {
    let template = template();
    let resources = &template["Resources"];
    let visible = resources["EventsQueue"]["Properties"]["VisibilityTimeout"].as_u64().unwrap();
    let works = resources["Watch"]["Properties"]["Timeout"].as_u64().unwrap();
    assert_eq!(visible, 6 * works);
    let expires = sluice_contract::runs::DAYS_KEPT;
    assert!(resources["RunsTable"]["Properties"]["TimeToLiveSpecification"]["Enabled"].as_bool().unwrap());
    assert!(
        resources["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["Prefix"] == "rejects/" && it["ExpirationInDays"] == expires)
    );
}

#[test]
fn what_calls_a_function_without_waiting_has_a_queue_for_what_failed() {
    let template = template();
    let resources = template["Resources"].as_object().unwrap().values();
    let kept: BTreeSet<&str> = resources
        .filter(|it| it["Type"] == "AWS::Lambda::EventInvokeConfig")
        .filter(|it| !it["Properties"]["DestinationConfig"]["OnFailure"].is_null())
        .map(|it| it["Properties"]["FunctionName"]["Ref"].as_str().unwrap())
        .collect();
    // Topics call the one, schedules of calls the other.
    assert_eq!(kept, ["Notify", "SurveyDispatch"].into());
}

#[test]
fn a_start_after_another_pipeline_that_is_given_up_rings() {
    let (plan, sources) = shipped();
    let files = files(&plan, &sources, "prod");
    let template: Value = serde_json::from_str(&files[PLATFORM_PATH]).unwrap();
    let let_in = statements(&template)
        .into_iter()
        .find(|(id, it)| id == "EventsDeadLettersPolicy" && it["Sid"] == "EventsOfRules")
        .unwrap();
    let rules: Vec<&str> = let_in.1["Condition"]["ArnLike"]["aws:SourceArn"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| it.as_str().unwrap())
        .collect();
    let starts: Vec<Value> = files
        .iter()
        .filter(|(path, _)| path.ends_with("/start.json"))
        .map(|(_, text)| serde_json::from_str(text).unwrap())
        .collect();
    assert!(!starts.is_empty());
    for start in starts {
        assert_eq!(start["Targets"][0]["DeadLetterConfig"]["Arn"], let_in.1["Resource"][0], "{start}");
        let name = format!("rule/{}", start["Name"].as_str().unwrap());
        let fits = |it: &&str| {
            it.split_once('*').is_some_and(|(before, after)| {
                let from = before.rsplit_once(':').unwrap().1;
                name.starts_with(from) && name.ends_with(after)
            })
        };
        assert!(rules.iter().any(fits), "{name}: {rules:?}");
    }
}

#[test]
fn the_page_tells_of_each_role_and_each_alarm() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/platform.md")).unwrap();
    let template = template();
    let of = |kind: &str, name: &str| -> BTreeSet<String> {
        let all = template["Resources"].as_object().unwrap().values();
        all.filter(|it| it["Type"] == kind)
            .map(|it| {
                let name = it["Properties"][name].as_str().unwrap().strip_prefix("credit-reports-").unwrap();
                // Only what has no region of its own says it.
                name.strip_suffix("-euc1").unwrap_or(name).to_owned()
            })
            .collect()
    };
    let rows = |heading: &str| -> BTreeSet<String> {
        let table = page.split(heading).nth(1).unwrap().split("\n#").next().unwrap();
        let cells = table.lines().filter_map(|it| it.strip_prefix("| `")?.split_once('`'));
        cells.map(|(name, _)| name.to_owned()).collect()
    };
    assert_eq!(rows("## When an alarm rings"), of("AWS::CloudWatch::Alarm", "AlarmName"));
    assert_eq!(rows("## Roles"), of("AWS::IAM::Role", "RoleName"));
    for parameter in template["Parameters"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("`{parameter}`")), "{parameter}");
    }
    let described = template["Resources"].as_object().unwrap().values();
    for alarm in described.filter(|it| it["Type"] == "AWS::CloudWatch::Alarm") {
        let properties = &alarm["Properties"];
        let name = properties["AlarmName"].as_str().unwrap().strip_prefix("credit-reports-").unwrap();
        assert!(
            properties["AlarmDescription"].as_str().unwrap().ends_with(&format!("docs/platform.md, {name}"))
        );
    }
}
