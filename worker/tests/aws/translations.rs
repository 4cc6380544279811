//! Texts that go to Amazon Translate: a double of its HTTP interface, written by the service's documentation, takes the
//! requests of the real worker.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::{Value, json};
use sluice_contract::job::EXIT_FAILED;

use crate::{
    bucket::Account,
    support::{PLAN, Told, plan, told},
};

/// The service's limit for one text, in bytes.
const LONGEST: usize = 10_000;

/// Answers `TranslateText`, and keeps how often each text was asked for.
#[derive(Debug)]
struct Service {
    endpoint: String,
    asked: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl Service {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(BTreeMap::new()));
        let kept = Arc::clone(&asked);
        // Ends with the test's process.
        drop(thread::spawn(move || {
            for caller in listener.incoming() {
                let asked = Arc::clone(&kept);
                drop(thread::spawn(move || serve(caller.unwrap(), &asked)));
            }
        }));
        Self { endpoint, asked }
    }

    /// What was asked for since the last time, each text with the number of requests for it.
    fn asked(&self) -> BTreeMap<String, u32> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn serve(caller: TcpStream, asked: &Mutex<BTreeMap<String, u32>>) {
    let mut lines = BufReader::new(caller.try_clone().unwrap());
    let mut caller = caller;
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_owned());
        }
        let header = |name: &str| {
            let found = head.iter().skip(1).find_map(|it| {
                it.split_once(':')
                    .filter(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value.trim())
            });
            found.unwrap_or_default().to_owned()
        };
        let mut body = vec![0; header("content-length").parse().unwrap()];
        lines.read_exact(&mut body).unwrap();
        let is_signed = header("authorization").contains("/eu-central-1/translate/aws4_request");
        let (status, answer) = if head[0] == "POST / HTTP/1.1"
            && header("content-type") == "application/x-amz-json-1.1"
            && header("x-amz-target") == "AWSShineFrontendService_20170701.TranslateText"
            && is_signed
        {
            answer(&serde_json::from_slice(&body).unwrap(), asked)
        } else {
            (400, json!({ "__type": "UnknownOperationException", "message": head.join("; ") }))
        };
        let answer = answer.to_string();
        let told = format!(
            "HTTP/1.1 {status} Answer\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\n\r\n{answer}",
            answer.len()
        );
        if caller.write_all(told.as_bytes()).is_err() {
            return;
        }
    }
}

fn answer(question: &Value, asked: &Mutex<BTreeMap<String, u32>>) -> (u16, Value) {
    let fields: Vec<_> = question.as_object().unwrap().keys().map(String::as_str).collect();
    let (text, from, to) =
        (&question["Text"], &question["SourceLanguageCode"], &question["TargetLanguageCode"]);
    let refused =
        |status: u16, kind: &str, message: &str| (status, json!({ "__type": kind, "message": message }));
    let is_code = |it: &Value| it.as_str().is_some_and(|it| (2..=5).contains(&it.len()));
    let Some(text) =
        text.as_str().filter(|it| !it.is_empty() && fields.len() == 3 && is_code(from) && is_code(to))
    else {
        return refused(400, "InvalidRequestException", "1 validation error detected");
    };
    let times = {
        let mut asked = asked.lock().unwrap();
        let times = asked.entry(text.to_owned()).or_default();
        *times += 1;
        *times
    };
    if from == "xx" {
        return refused(400, "UnsupportedLanguagePairException", "Unsupported language pair: xx to en.");
    }
    if text.len() > LONGEST || text == "long by the service's own measure" {
        return refused(400, "TextSizeLimitExceededException", "Input text size exceeds limit.");
    }
    match (text, times) {
        ("throttled", 1) => refused(400, "ThrottlingException", "Rate exceeded"),
        ("throttled", 2) => refused(429, "TooManyRequestsException", "Too many requests"),
        ("unavailable", 1) => refused(503, "ServiceUnavailableException", "Try your request later."),
        ("broken", 1) => refused(500, "InternalServerException", "An internal server error occurred."),
        ("forbidden", _) => refused(400, "AccessDeniedException", "User is not authorized"),
        _ => (
            200,
            json!({ "TranslatedText": format!("<{text}>"), "SourceLanguageCode": from, "TargetLanguageCode": to }),
        ),
    }
}

/// A pipeline that translates, with companies of these names.
struct Translating {
    account: Account,
    service: Service,
}

impl Translating {
    fn new(names: &[&str], from: &str) -> Self {
        let account = Account::new(1, None);
        let mut plan = plan(None);
        plan["tables"]["companies"]["columns"][2]["length"] = json!(20_000);
        let stages = plan["stages"].as_array_mut().unwrap();
        let mut translate = stages[2].clone();
        translate["id"] = json!("companies.translate");
        translate["work"] = json!({
            "stage": "translate", "table": "companies", "columns": ["name"], "from": from, "to": "en"
        });
        stages.insert(3, translate);
        account.put(&format!("/{PLAN}"), &plan.to_string());
        let _ = account.place.source().execute("DELETE FROM companies", []).unwrap();
        let translating = Self { account, service: Service::start() };
        translating.add(names);
        translating
    }

    fn add(&self, names: &[&str]) {
        let source = self.account.place.source();
        for name in names {
            let insert = "INSERT INTO companies (reg, name) SELECT 'R' || (count(*) + 1), ?1 FROM companies";
            let _ = source.execute(insert, [name]).unwrap();
        }
    }

    /// All stages of a run up to its translation.
    fn translate(&self, run: &str, fence: i64) -> Told {
        for stage in ["cleanup", "companies.extract", "companies.load"] {
            let told = told(&mut self.account.job_of(run, stage, fence, None));
            assert_eq!(told.code, Some(0), "{}", told.err);
        }
        self.try_again(run, fence)
    }

    fn try_again(&self, run: &str, fence: i64) -> Told {
        let mut job = self.account.job_of(run, "companies.translate", fence, None);
        told(job.env_remove("SLUICE_TRANSLATOR").env("AWS_ENDPOINT_URL_TRANSLATE", &self.service.endpoint))
    }

    fn published(&self, run: &str, fence: i64) -> Vec<String> {
        let told = told(&mut self.account.job_of(run, "companies.publish", fence, None));
        assert_eq!(told.code, Some(0), "{}", told.err);
        self.account.place.published()
    }
}

fn counted(told: &Told) -> (Value, Value) {
    assert_eq!(told.code, Some(0), "{}", told.err);
    let counted: Value = serde_json::from_str(&told.out).unwrap();
    (counted["rows_written"].clone(), counted["untranslated"].clone())
}

#[test]
fn each_text_is_asked_for_once_and_kept_for_later_runs() {
    let longest = "é".repeat(LONGEST / 2);
    let too_long = "é".repeat(LONGEST / 2 + 1);
    let own_measure = "long by the service's own measure";
    let names = [
        "alpha",
        "beta",
        "alpha",
        "throttled",
        "unavailable",
        "broken",
        "  ",
        &longest,
        &too_long,
        own_measure,
        "alpha",
    ];
    let translating = Translating::new(&names, "el");
    let told = translating.translate("r1", 1);
    // The texts that are too long, and the one of spaces, keep what they are.
    assert_eq!(counted(&told), (json!(8), json!(3)), "{}", told.err);
    let asked: Vec<_> = translating.service.asked().into_iter().collect();
    let expected = [
        ("alpha", 1),
        ("beta", 1),
        ("broken", 2),
        (own_measure, 1),
        ("throttled", 3),
        ("unavailable", 2),
        (&longest, 1),
    ];
    assert_eq!(asked, expected.map(|(text, times)| (text.to_owned(), times)));
    let mut rows = translating.published("r1", 1);
    rows.sort_by_key(|it| it.trim_start_matches('R').split_once('|').unwrap().0.parse::<u32>().unwrap());
    let translated = ["<alpha>", "<beta>", "<alpha>", "<throttled>", "<unavailable>", "<broken>", "  "];
    let expected: Vec<_> = (1..).zip(translated).map(|(reg, name)| format!("R{reg}|{name}")).collect();
    assert_eq!(rows[..7], expected);
    assert_eq!(
        rows[7..10],
        [format!("R8|<{longest}>"), format!("R9|{too_long}"), format!("R10|{own_measure}")]
    );

    // Another run asks for what is new, and for what had no answer.
    translating.add(&["gamma", "beta"]);
    let told = translating.translate("r2", 2);
    assert_eq!(counted(&told), (json!(10), json!(3)), "{}", told.err);
    let asked: Vec<_> = translating.service.asked().into_keys().collect();
    assert_eq!(asked, ["gamma", own_measure]);
}

#[test]
fn a_pair_of_languages_that_the_service_does_not_have_is_told_at_once() {
    let translating = Translating::new(&["alpha"], "xx");
    let told = translating.translate("r1", 1);
    assert_eq!(told.code, Some(EXIT_FAILED), "{}", told.err);
    assert!(
        told.err.contains(
            "error[P0617]: can't translate from `xx` to `en`: Amazon Translate answers 400 Bad Request \
             UnsupportedLanguagePairException: Unsupported language pair: xx to en."
        ),
        "{}",
        told.err
    );
    assert_eq!(translating.service.asked().into_values().collect::<Vec<_>>(), [1]);
}

#[test]
fn a_service_that_refuses_is_told_in_its_own_words() {
    let translating = Translating::new(&["forbidden"], "el");
    let told = translating.translate("r1", 1);
    assert_eq!(told.code, Some(EXIT_FAILED), "{}", told.err);
    assert!(told.err.contains("AccessDeniedException: User is not authorized"), "{}", told.err);
}
