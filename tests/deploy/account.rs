//! An account of one test, and the program deployed to it.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Of the environment `test` of the shipped program.
pub(crate) const ACCOUNT: &str = "111111111111";
pub(crate) const REGION: &str = "eu-central-1";
pub(crate) const BUCKET: &str = "credit-reports-111111111111-eu-central-1";

/// A running double, and a scratch copy of the shipped program.
pub(crate) struct Account {
    child: Child,
    pub(crate) endpoint: String,
    folder: TempDir,
}

impl Drop for Account {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl Account {
    /// With nothing in it, and the whole shipped program to deploy.
    pub(crate) fn start() -> Self {
        let account = Self::empty();
        account.build();
        account
    }

    /// With nothing in it, and a program that is not built.
    pub(crate) fn empty() -> Self {
        Self::of("tests/deploy/cloud.py", &[])
    }

    /// As [`Self::empty`], of that double, with more arguments than the usual.
    pub(crate) fn of(double: &str, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&root().join("pipelines"), &folder.path().join("pipelines"));
        let python = root().join("tests/emulator/.venv/bin/python");
        assert!(python.exists(), "{} is missing; run `scripts/test`", python.display());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(python)
            .arg(root().join(double))
            .args([&port.to_string(), ACCOUNT, REGION])
            .args(more)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let account = Self { child, endpoint: format!("http://127.0.0.1:{port}"), folder };
        for _ in 0..600 {
            if ureq::get(account.control_address()).call().is_ok() {
                return account;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("the double does not answer at {}", account.endpoint);
    }

    /// As [`Self::start`], with a few countries only.
    pub(crate) fn with(countries: &[&str]) -> Self {
        let account = Self::start();
        account.keep(countries);
        account
    }

    /// Leaves a few countries only, and builds.
    pub(crate) fn keep(&self, countries: &[&str]) {
        for file in fs::read_dir(self.path("pipelines")).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap_or_default();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let is_pipeline = text.contains("\npipeline ") || text.starts_with("pipeline ");
            if is_pipeline && !countries.contains(&name) {
                fs::remove_file(path).unwrap();
            }
        }
        self.build();
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    /// Replaces a text in a file of the program, and builds.
    pub(crate) fn edit(&self, relative: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(relative)).unwrap();
        assert!(text.contains(from), "`{from}` is not in {relative}");
        fs::write(self.path(relative), text.replacen(from, to, 1)).unwrap();
        self.build();
    }

    pub(crate) fn build(&self) {
        let built = self.sluice(&["build"]);
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        // What the platform's stack makes, where the program has no template of it.
        if !self.path("generated/test/platform.template.json").exists() {
            let _ = self.control(&json!({ "bucket": BUCKET, "group": "credit-reports" }));
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sluice"));
        let _ = command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn sluice(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Deploys, and expects that it works.
    pub(crate) fn deploy(&self) -> String {
        let done = self.sluice(&deploy_arguments());
        assert!(done.status.success(), "{}", told(&done));
        told(&done)
    }

    /// The plan for programs.
    pub(crate) fn plan(&self, more: &[&str]) -> Value {
        let planned = self.sluice(&[&["plan", "--environment", "test", "--format", "json"], more].concat());
        assert!(planned.status.success(), "{}", told(&planned));
        serde_json::from_slice(&planned.stdout).unwrap()
    }

    /// Gives the double an order; its answer.
    pub(crate) fn control(&self, order: &Value) -> Value {
        let mut answer = ureq::post(self.control_address()).send(order.to_string()).unwrap();
        serde_json::from_str(&answer.body_mut().with_config().limit(1 << 28).read_to_string().unwrap())
            .unwrap()
    }

    /// Everything there is.
    pub(crate) fn things(&self) -> Value {
        let mut told = self.control(&json!({}));
        assert_eq!(told["problems"], json!([]), "requests that AWS would not take");
        told["things"].take()
    }

    /// Forgets what was asked so far.
    pub(crate) fn forget(&self) {
        let _ = self.control(&json!({ "forget": true }));
    }

    /// What was asked: operations and whom they were about.
    pub(crate) fn calls(&self) -> Vec<(String, String)> {
        let told = self.control(&json!({}));
        let calls = told["calls"].as_array().unwrap().iter();
        calls
            .map(|it| {
                (it["operation"].as_str().unwrap().to_owned(), it["about"].as_str().unwrap().to_owned())
            })
            .collect()
    }

    /// Brings about what a person does in the console.
    pub(crate) fn by_hand(&self, change: &Value) {
        let _ = self.control(&json!({ "by_hand": change }));
    }

    pub(crate) fn faults(&self, faults: &Value) {
        let _ = self.control(&json!({ "faults": faults }));
    }

    fn control_address(&self) -> String {
        format!("{}/control", self.endpoint)
    }
}

/// Whoever has no network to name gets one.
pub(crate) fn deploy_arguments() -> Vec<&'static str> {
    vec![
        "deploy",
        "--environment",
        "test",
        "--auto-approve",
        "--parameter",
        "SubnetIds=subnet-1",
        "--parameter",
        "SecurityGroupIds=sg-1",
    ]
}

/// Everything that a command said.
pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// How many operations change something.
pub(crate) fn writes(calls: &[(String, String)]) -> Vec<&(String, String)> {
    let reads = ["Get", "List", "Describe"];
    let is_lock = |about: &str| about.contains("deploy/test.lock");
    calls
        .iter()
        .filter(|(operation, about)| {
            let name = operation.split(':').next_back().unwrap();
            !reads.iter().any(|it| name.starts_with(it)) && !is_lock(about)
        })
        .collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            let _ = fs::copy(&path, &target).unwrap();
        }
    }
}
