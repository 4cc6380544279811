//! moto: DynamoDB, Kinesis, SNS, SQS, schedules and Secrets Manager on one port of this machine, each test with its own.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// Where `scripts/test` says that `moto_server` is; the service models stand beside it.
pub(crate) const SERVER: &str = "SLUICE_MOTO_SERVER";

/// The runs table's name.
pub(crate) const TABLE: &str = "credit-reports-runs";

/// A running emulator.
#[derive(Debug)]
pub(crate) struct Emulator {
    child: Child,
    pub(crate) endpoint: String,
}

impl Emulator {
    /// Starts it and waits until it answers.
    pub(crate) fn start() -> Self {
        let program = std::env::var_os(SERVER)
            .unwrap_or_else(|| panic!("`{SERVER}` does not say where moto_server is; run `scripts/test`"));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let emulator = Self { child, endpoint: format!("http://127.0.0.1:{port}") };
        let up = || ureq::get(format!("{}/moto-api/data.json", emulator.endpoint)).call().is_ok();
        for _ in 0..300 {
            if up() {
                return emulator;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("moto_server does not answer at {}", emulator.endpoint);
    }

    /// What a program needs in its environment to find it.
    pub(crate) fn environment(&self) -> [(&'static str, &str); 4] {
        [
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
        ]
    }

    /// A call of a service that speaks JSON: `DynamoDB_20120810.GetItem`.
    pub(crate) fn json(&self, service: &str, target: &str, body: &Value) -> Value {
        let mut answer = ureq::post(&self.endpoint)
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0")
            .header("authorization", signature(service))
            .send(body.to_string())
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        // Some actions answer nothing at all.
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }

    /// A call of SNS, which speaks forms and XML.
    fn form(&self, action: &str, parameters: &[(&str, &str)]) {
        let version = [("Action", action), ("Version", "2010-03-31")];
        let form = version.into_iter().chain(parameters.iter().copied());
        let _ = ureq::post(&self.endpoint).header("authorization", signature("sns")).send_form(form).unwrap();
    }

    pub(crate) fn make_table(&self) {
        self.make_table_with(TABLE, &["pk", "sk"]);
    }

    /// A table with that partition key, and that sort key where there is one.
    pub(crate) fn make_table_with(&self, name: &str, keys: &[&str]) {
        let attribute = |name: &&str| json!({ "AttributeName": name, "AttributeType": "S" });
        let key = |(name, kind): (&&str, &str)| json!({ "AttributeName": name, "KeyType": kind });
        let request = json!({
            "TableName": name,
            "AttributeDefinitions": keys.iter().map(attribute).collect::<Vec<_>>(),
            "KeySchema": keys.iter().zip(["HASH", "RANGE"]).map(key).collect::<Vec<_>>(),
            "BillingMode": "PAY_PER_REQUEST"
        });
        let _ = self.json("dynamodb", "DynamoDB_20120810.CreateTable", &request);
    }

    /// Every item of the table, as DynamoDB writes it.
    pub(crate) fn items(&self) -> Value {
        self.items_of(TABLE)
    }

    /// Every item of a table, as DynamoDB writes it.
    pub(crate) fn items_of(&self, table: &str) -> Value {
        let request = json!({ "TableName": table });
        self.json("dynamodb", "DynamoDB_20120810.Scan", &request)["Items"].take()
    }

    /// Makes the topic; its ARN.
    pub(crate) fn make_topic(&self) -> &'static str {
        self.form("CreateTopic", &[("Name", "news")]);
        TOPIC
    }

    /// Makes a queue that hears the topic.
    pub(crate) fn make_queue(&self) -> String {
        let made = self.json("sqs", "AmazonSQS.CreateQueue", &json!({ "QueueName": "heard" }));
        let arn = "arn:aws:sqs:eu-central-1:123456789012:heard";
        self.form("Subscribe", &[("TopicArn", TOPIC), ("Protocol", "sqs"), ("Endpoint", arn)]);
        made["QueueUrl"].as_str().unwrap().to_owned()
    }

    /// The messages of the topic that came to the queue since this was last asked.
    pub(crate) fn heard(&self, queue: &str) -> Vec<Value> {
        let request = json!({ "QueueUrl": queue, "MaxNumberOfMessages": 10 });
        let mut answer = self.json("sqs", "AmazonSQS.ReceiveMessage", &request);
        let messages = answer["Messages"].as_array_mut().map(std::mem::take).unwrap_or_default();
        let envelope = |it: &Value| serde_json::from_str(it["Body"].as_str().unwrap()).unwrap();
        messages.iter().map(envelope).collect()
    }

    /// A stream with one shard; what it is asked for its records by.
    pub(crate) fn make_stream(&self) {
        let request = json!({ "StreamName": STREAM, "ShardCount": 1 });
        let _ = self.json("kinesis", "Kinesis_20131202.CreateStream", &request);
    }

    /// Puts a record at the end of the stream; `data` is in base64.
    pub(crate) fn put_record(&self, data: &str) {
        let request = json!({ "StreamName": STREAM, "PartitionKey": "p", "Data": data });
        let _ = self.json("kinesis", "Kinesis_20131202.PutRecord", &request);
    }

    /// All records of the stream, as Lambda hands them to a function.
    pub(crate) fn stream_event(&self) -> Value {
        let request = json!({
            "StreamName": STREAM, "ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON"
        });
        let iterator = self.json("kinesis", "Kinesis_20131202.GetShardIterator", &request);
        let request = json!({ "ShardIterator": iterator["ShardIterator"] });
        let records = self.json("kinesis", "Kinesis_20131202.GetRecords", &request);
        let record = |it: &Value| {
            let sequence_number = it["SequenceNumber"].as_str().unwrap();
            json!({
                "kinesis": {
                    "kinesisSchemaVersion": "1.0", "partitionKey": it["PartitionKey"],
                    "sequenceNumber": sequence_number, "data": it["Data"], "approximateArrivalTimestamp": 1.5
                },
                "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventName": "aws:kinesis:record",
                "eventID": format!("shardId-000000000000:{sequence_number}"), "awsRegion": "eu-central-1"
            })
        };
        json!({ "Records": records["Records"].as_array().unwrap().iter().map(record).collect::<Vec<_>>() })
    }

    /// The schedules of the group `calls`, with what they hand over.
    pub(crate) fn schedules(&self) -> Vec<Value> {
        let get = |path: &str| -> Value {
            let mut answer = ureq::get(format!("{}{path}", self.endpoint))
                .header("authorization", signature("scheduler"))
                .call()
                .unwrap();
            serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
        };
        let all = get("/schedules?ScheduleGroup=calls");
        let names = all["Schedules"].as_array().unwrap().iter();
        names.map(|it| get(&format!("/schedules/{}?groupName=calls", it["Name"].as_str().unwrap()))).collect()
    }

    /// The group that schedules of calls are made in.
    pub(crate) fn make_schedule_group(&self) {
        let _ = ureq::post(format!("{}/schedule-groups/calls", self.endpoint))
            .header("authorization", signature("scheduler"))
            .send("{}")
            .unwrap();
    }

    pub(crate) fn make_secret(&self, name: &str, text: &str) {
        let request = json!({ "Name": name, "SecretString": text });
        let _ = self.json("secretsmanager", "secretsmanager.CreateSecret", &request);
    }
}

/// The name of the stream of contact records.
const STREAM: &str = "contacts";

/// The topic's ARN, made yet or not.
pub(crate) const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:news";

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The emulator reads which service and region are meant, and checks no signature.
fn signature(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=test/20261123/eu-central-1/{service}/aws4_request, \
         SignedHeaders=host, Signature=0"
    )
}
