//! One country deployed, its databases, its functions, and the channel of the people who look after it.

use std::{
    path::{Path, PathBuf},
    process::Output,
    thread,
    time::{Duration, Instant},
};

use mysql::prelude::Queryable as _;
use serde_json::{Map, Value, json};

use crate::{
    account::{Account, told},
    channel::Channel,
    function::Function,
    mariadb_server::{MariaDb, rows},
};

/// Everything of a test; what it started ends with it.
pub(crate) struct World {
    pub(crate) account: Account,
    database: MariaDb,
    source: String,
    target: String,
    channel: Channel,
    watch: Function,
    notify: Function,
}

/// Beside the program under test, where `cargo build --all-features` puts them.
fn program(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_sluice")).with_file_name(name);
    assert!(path.exists(), "{} is missing; run `scripts/test`", path.display());
    path
}

impl World {
    /// With Greece deployed, and that many companies in its registry.
    pub(crate) fn with_greece(companies: u32) -> Self {
        let database = MariaDb::start();
        let (source, target) = (database.database(), database.database());
        fill(&database, &source, companies);
        let channel = Channel::open(&[(200, None); 100]);
        let account =
            Account::of("tests/end_to_end/cloud_at_work.py", &[program("sluice-worker").to_str().unwrap()]);
        account.keep(&["greece"]);
        let _ = account.deploy();
        let found_by = [
            ("AWS_ENDPOINT_URL", account.endpoint.clone()),
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ];
        let mut surroundings: Map<_, _> =
            found_by.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let own =
            [("SLUICE_TRANSLATOR", json!("offline")), ("SLUICE_DATABASE_CA", json!(database.authority()))];
        surroundings.extend(own.map(|(name, value)| (name.to_owned(), value)));
        let work = json!({ "surroundings": surroundings, "platform": true });
        let functions = work_of(&account, &work)["functions"].take();
        let start = |name: &str| {
            let variables = functions[&format!("credit-reports-{name}")].as_object().unwrap();
            let variables = variables.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
            let all: Vec<_> =
                variables.chain(found_by.iter().map(|(name, value)| (*name, value.as_str()))).collect();
            Function::start(program(name).to_str().unwrap(), &all)
        };
        let (watch, notify) = (start("watch"), start("notify"));
        let world = Self { account, database, source, target, channel, watch, notify };
        world.make_secrets();
        world.listen();
        world
    }

    fn make_secrets(&self) {
        let secrets = [
            ("credit-reports/test/greece", self.database.secret(&self.source, "sluice")),
            ("credit-reports/test/reports", self.database.secret(&self.target, "sluice")),
            ("credit-reports/teams-webhook", self.channel.address.clone()),
        ];
        for (name, text) in secrets {
            let request = json!({ "Name": name, "SecretString": text });
            let _ = self.ask("secretsmanager", "secretsmanager.CreateSecret", &request);
        }
    }

    /// The topic's messages come to a queue: the emulator calls no functions.
    fn listen(&self) {
        let _ = self.ask("sqs", "AmazonSQS.CreateQueue", &json!({ "QueueName": HEARD }));
        let form = [
            ("Action", "Subscribe"),
            ("Version", "2010-03-31"),
            ("TopicArn", "arn:aws:sns:eu-central-1:111111111111:credit-reports-notifications"),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:eu-central-1:111111111111:heard"),
        ];
        let post = ureq::post(&self.account.endpoint).header("authorization", scope("sns"));
        let _ = post.send_form(form).unwrap();
    }

    /// A request of a service that speaks JSON.
    pub(crate) fn ask(&self, service: &str, target: &str, body: &Value) -> Value {
        let mut answer = ureq::post(&self.account.endpoint)
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0")
            .header("authorization", scope(service))
            .send(body.to_string())
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }

    /// Makes the very call that the deployed schedule makes at that time, with the id that the scheduler gives that call;
    /// the execution's ARN.
    pub(crate) fn scheduled(&self, time: &str, id: &str) -> String {
        let address = "/schedules/credit-reports-greece?groupName=credit-reports";
        let mut answer = ureq::get(format!("{}{address}", self.account.endpoint))
            .header("authorization", scope("scheduler"))
            .call()
            .unwrap();
        let schedule: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        let target = &schedule["Target"];
        assert_eq!(target["Arn"], "arn:aws:scheduler:::aws-sdk:sfn:startExecution");
        let input = target["Input"].as_str().unwrap();
        let input =
            input.replace("<aws.scheduler.scheduled-time>", time).replace("<aws.scheduler.execution-id>", id);
        let given: Map<String, Value> = serde_json::from_str(&input).unwrap();
        // A universal target names the members as the SDK for Java does.
        let wire = |name: &str| match name {
            "StateMachineArn" => "stateMachineArn".to_owned(),
            "Name" => "name".to_owned(),
            "Input" => "input".to_owned(),
            other => panic!("StartExecution takes no `{other}`"),
        };
        let request: Map<_, _> = given.into_iter().map(|(name, value)| (wire(&name), value)).collect();
        let started = self.ask("states", "AWSStepFunctions.StartExecution", &Value::Object(request));
        started["executionArn"].as_str().unwrap().to_owned()
    }

    /// Where the execution stands.
    pub(crate) fn execution(&self, arn: &str) -> Value {
        self.ask("states", "AWSStepFunctions.DescribeExecution", &json!({ "executionArn": arn }))
    }

    /// Waits until the execution has ended; how.
    pub(crate) fn ended(&self, arn: &str) -> String {
        self.eventually(|| {
            let status = self.execution(arn)["status"].as_str().unwrap().to_owned();
            (status != "RUNNING").then_some(status)
        })
    }

    /// What `sluice runs` says of the run, once `watch` has heard of the end of that execution.
    pub(crate) fn recorded(&self, execution: &str) -> Value {
        self.eventually(|| {
            let mut runs = self.json("runs greece --environment test");
            let ended = |it: &&mut Value| it["execution"] == execution && it["ended_at"].is_i64();
            runs.as_array_mut().unwrap().iter_mut().find(ended).map(Value::take)
        })
    }

    /// Asks again and again, with the events handed on meanwhile.
    pub(crate) fn eventually<T>(&self, mut asked: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(2) {
            self.hand_on();
            if let Some(answer) = asked() {
                return answer;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("it does not come about\n{}\n{}\n{:#}", self.watch.log(), self.notify.log(), self.jobs());
    }

    /// The events' queue to `watch`, and what it told the topic to `notify`, as Lambda does.
    fn hand_on(&self) {
        let events = self.received("credit-reports-events");
        if !events.is_empty() {
            let record = |it: &Value| {
                json!({
                    "messageId": it["MessageId"], "receiptHandle": it["ReceiptHandle"], "body": it["Body"],
                    "attributes": {}, "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "eu-central-1"
                })
            };
            let records: Vec<_> = events.iter().map(record).collect();
            let answer = self.watch.invoke(&json!({ "Records": records })).unwrap();
            assert_eq!(answer, json!({ "batchItemFailures": [] }), "{}", self.watch.log());
        }
        for it in self.received(HEARD) {
            let message: Value = serde_json::from_str(it["Body"].as_str().unwrap()).unwrap();
            let record = json!({
                "EventVersion": "1.0", "EventSource": "aws:sns", "EventSubscriptionArn": "x", "Sns": message
            });
            let answer = self.notify.invoke(&json!({ "Records": [record] }));
            assert!(answer.is_ok(), "{answer:?} {}", self.notify.log());
        }
    }

    fn received(&self, queue: &str) -> Vec<Value> {
        let request = json!({ "QueueName": queue });
        let url = self.ask("sqs", "AmazonSQS.GetQueueUrl", &request)["QueueUrl"].take();
        let request = json!({ "QueueUrl": url, "MaxNumberOfMessages": 10 });
        let mut answer = self.ask("sqs", "AmazonSQS.ReceiveMessage", &request);
        let messages = answer["Messages"].as_array_mut().map(std::mem::take).unwrap_or_default();
        for it in &messages {
            let request = json!({ "QueueUrl": url, "ReceiptHandle": it["ReceiptHandle"] });
            let _ = self.ask("sqs", "AmazonSQS.DeleteMessage", &request);
        }
        messages
    }

    /// The cards that came to the channel, each as its texts.
    pub(crate) fn cards(&self) -> Vec<String> {
        let texts = |card: &String| {
            let card: Value = serde_json::from_str(card).unwrap();
            let body = card["attachments"][0]["content"]["body"].as_array().unwrap().clone();
            let inlines = body.iter().flat_map(|it| it["inlines"].as_array().unwrap());
            inlines.map(|it| it["text"].as_str().unwrap().trim()).collect::<Vec<_>>().join("\n")
        };
        self.channel.received().iter().map(texts).collect()
    }

    /// The last card, once there are that many.
    pub(crate) fn card(&self, count: usize) -> String {
        self.eventually(|| {
            let mut cards = self.cards();
            assert!(cards.len() <= count, "{cards:?}");
            if cards.len() == count { cards.pop() } else { None }
        })
    }

    /// The jobs that were submitted so far, and what their workers wrote.
    pub(crate) fn jobs(&self) -> Value {
        let mut told = work_of(&self.account, &json!({}));
        assert_eq!(told["problems"], json!([]), "requests that AWS would not take");
        told["jobs"].take()
    }

    /// The stages of the jobs that were submitted for a run.
    pub(crate) fn stages_of(&self, execution: &str) -> Vec<String> {
        let jobs = self.jobs();
        let of_it = jobs.as_array().unwrap().iter().filter(|it| it["parameters"]["execution"] == execution);
        of_it.map(|it| it["parameters"]["stage"].as_str().unwrap().to_owned()).collect()
    }

    /// The next job of that stage finds no place to run until it is let go.
    pub(crate) fn hold(&self, stage: &str) {
        let _ = work_of(&self.account, &json!({ "hold": stage }));
    }

    /// Waits until the job that is held is there.
    pub(crate) fn submitted(&self, execution: &str, stage: &str) {
        self.eventually(|| self.stages_of(execution).iter().any(|it| it == stage).then_some(()));
    }

    pub(crate) fn let_go(&self, stage: &str) {
        let _ = work_of(&self.account, &json!({ "let_go": stage }));
    }

    /// The next worker of that stage is stopped between its look at the lock and its first write.
    pub(crate) fn stop(&self, stage: &str) {
        let _ = work_of(&self.account, &json!({ "stop": stage }));
    }

    /// Waits until the worker that is to be stopped stands still.
    pub(crate) fn stopped(&self, stage: &str) {
        let stopped = || work_of(&self.account, &json!({}))["stopped"].take();
        self.eventually(|| stopped().as_array().unwrap().contains(&json!(stage)).then_some(()));
    }

    /// Lets a stopped worker go on, with these signals waiting for it.
    pub(crate) fn go_on(&self, stage: &str, signals: &[&str]) {
        let _ = work_of(&self.account, &json!({ "go_on": stage, "signals": signals }));
    }

    /// Waits until a job has failed; what its workers wrote.
    pub(crate) fn failed_job(&self) -> String {
        self.eventually(|| {
            let jobs = self.jobs();
            let failed = jobs.as_array().unwrap().iter().find(|it| it["status"] == "FAILED")?;
            Some(failed["log"].to_string())
        })
    }

    /// Aborts the execution; the lock that it held is free when `watch` has heard of it.
    pub(crate) fn abort(&self, execution: &str) {
        assert!(self.lock()["owner"]["S"].is_string(), "{}", self.lock());
        let _ = self.ask("states", "AWSStepFunctions.StopExecution", &json!({ "executionArn": execution }));
        assert_eq!(self.ended(execution), "ABORTED");
        assert_eq!(self.recorded(execution)["status"], "aborted");
        assert_eq!(self.lock()["owner"], json!(null), "whoever comes next needs nobody's help");
    }

    /// Changes the password that the secret of the published tables gives.
    pub(crate) fn change_password(&self, right: bool) {
        let text = self.database.secret(&self.target, if right { "sluice" } else { "nobody" });
        let request = json!({ "SecretId": "credit-reports/test/reports", "SecretString": text });
        let _ = self.ask("secretsmanager", "secretsmanager.PutSecretValue", &request);
    }

    pub(crate) fn sluice(&self, arguments: &str) -> Output {
        self.account.sluice(&arguments.split(' ').collect::<Vec<_>>())
    }

    /// What a command says in JSON.
    pub(crate) fn json(&self, arguments: &str) -> Value {
        let output = self.sluice(&format!("{arguments} --format json"));
        assert!(output.status.success(), "{}", told(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Who holds the lock of the country.
    pub(crate) fn lock(&self) -> Value {
        let key = json!({ "pk": { "S": "PIPELINE#greece" }, "sk": { "S": "LOCK" } });
        let request = json!({ "TableName": "credit-reports-runs", "Key": key });
        self.ask("dynamodb", "DynamoDB_20120810.GetItem", &request)["Item"].take()
    }

    /// Changes the published tables by hand.
    pub(crate) fn change_published(&self, sql: &str) {
        self.database.conn(&self.target).query_drop(sql).unwrap();
    }

    /// Rows of the published tables.
    pub(crate) fn published(&self, sql: &str) -> Vec<String> {
        rows(&mut self.database.conn(&self.target), sql)
    }
}

const HEARD: &str = "heard";

fn work_of(account: &Account, order: &Value) -> Value {
    let mut answer = ureq::post(format!("{}/work", account.endpoint)).send(order.to_string()).unwrap();
    serde_json::from_str(&answer.body_mut().with_config().limit(1 << 28).read_to_string().unwrap()).unwrap()
}

/// The emulator reads which service and region are meant, and checks no signature.
fn scope(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=test/20261123/eu-central-1/{service}/aws4_request, \
         SignedHeaders=host, Signature=0"
    )
}

/// A registry with companies, some of them twice, and the officers of a few.
fn fill(database: &MariaDb, source: &str, companies: u32) {
    let mut conn = database.conn(source);
    let twice = companies / 100;
    for sql in [
        "CREATE TABLE companies (registration_no varchar(32), name varchar(200), address varchar(300), \
         updated_at datetime, KEY (registration_no)) CHARACTER SET utf8mb4"
            .to_owned(),
        "CREATE TABLE officers (registration_no varchar(32), officer_no int, name varchar(200), \
         role varchar(60), since date) CHARACTER SET utf8mb4"
            .to_owned(),
        format!(
            "INSERT INTO companies SELECT lpad(seq, 8, '0'), concat('Εταιρεία ', seq), 'Αθήνα', \
             '2026-01-02 03:04:05' FROM seq_1_to_{companies}"
        ),
        format!(
            "INSERT INTO companies SELECT lpad(seq, 8, '0'), concat('Old ', seq), 'Αθήνα', \
             '2020-01-02 03:04:05' FROM seq_1_to_{twice}"
        ),
        "INSERT INTO officers SELECT lpad(seq, 8, '0'), 1, concat('Officer ', seq), 'director', '2020-02-03' \
         FROM seq_1_to_50"
            .to_owned(),
    ] {
        conn.query_drop(sql).unwrap();
    }
}
