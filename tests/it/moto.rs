//! The moto server of `tests/moto` with its organisation, started once for all tests of this binary.
//!
//! Python and a package index are needed once: the virtual environment stays below the target directory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::common::{Output, Place, Sonae, repository};

/// Where the organisation's resources are.
pub const TOKYO: &str = "ap-northeast-1";
pub const OSAKA: &str = "ap-northeast-3";

/// How many databases, subnets and buckets there are in bulk: more than one page of a hundred.
const RESOURCES: &str = "104";

/// Runs the server's own tests, and says what they printed when they fail.
pub fn own_tests() -> Result<(), String> {
    // The parts of a checkout stay as they are: no byte code, no cache.
    let output = Command::new(python())
        .args(["-B", "-m", "pytest", "--quiet", "-p", "no:cacheprovider"])
        .arg(directory())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stdout).into_owned()) }
}

/// A running server with an organisation.
pub struct Organisation {
    server: Child,
    python: PathBuf,
    pub url: String,
    /// What `organisation.py` says that it made.
    pub made: Json,
    manifest: Json,
    /// The report of a scan that nothing disturbs.
    undisturbed: Option<Json>,
}

/// The server with a directory for the program, for as long as one test uses them.
pub struct Live {
    organisation: MutexGuard<'static, Organisation>,
    pub place: Place,
}

impl Live {
    /// Waits for the server and takes back whatever an earlier test has set.
    pub fn new() -> Self {
        static SHARED: OnceLock<Mutex<Organisation>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Mutex::new(Organisation::start()));
        let live = Self { organisation: shared.lock().unwrap_or_else(PoisonError::into_inner), place: Place::new() };
        live.place.write("sonae.yaml", live.manifest.to_string());
        live.enforce_iam(false);
        live.admin("DELETE", "faults", None);
        live.admin("POST", "page-limits", Some(json!({ "limit": null })));
        live.admin("POST", "s3-redirects", Some(json!({ "enabled": true })));
        live.admin("POST", "clock", Some(json!({ "now": null })));
        live.admin("DELETE", "calls", None);
        live
    }

    /// The program, with credentials that the server takes for the management account's.
    pub fn sonae(&self) -> Sonae {
        self.sonae_as("TESTKEY0000000000000", "secret")
    }

    /// The program with a key.
    pub fn sonae_as(&self, id: &str, secret: &str) -> Sonae {
        self.place
            .sonae()
            .env("AWS_ACCESS_KEY_ID", id)
            .env("AWS_SECRET_ACCESS_KEY", secret)
            .env("AWS_REGION", TOKYO)
            .env("AWS_EC2_METADATA_DISABLED", "true")
    }

    /// A scan that writes `report.json` alone and succeeds whatever it finds.
    pub fn scan(&self, args: &[&str]) -> Output {
        self.scan_with(self.sonae(), args)
    }

    pub fn scan_with(&self, sonae: Sonae, args: &[&str]) -> Output {
        sonae.args(self.scan_args(&["--format", "json"])).args(args).run()
    }

    /// The arguments of a scan of the whole organisation.
    pub fn scan_args<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&["scan", "--lang", "en", "--fail-on", "never", "--endpoint-url", &self.organisation.url], more].concat()
    }

    /// The report of a scan that nothing disturbs, made once.
    pub fn undisturbed(&mut self) -> Json {
        if self.organisation.undisturbed.is_none() {
            let report = self.scan(&[]).expect(0).report();
            self.organisation.undisturbed = Some(report);
            self.admin("DELETE", "calls", None);
        }
        self.organisation.undisturbed.clone().expect("just made")
    }

    /// An account by what it is for: `databases`, `storage`.
    pub fn account(&self, purpose: &str) -> &str {
        self.made["accounts"][purpose].as_str().unwrap_or_else(|| panic!("no account {purpose}"))
    }

    /// The name of a resource with something special about it.
    pub fn case(&self, name: &str) -> &str {
        self.made["cases"][name].as_str().unwrap_or_else(|| panic!("no case {name}"))
    }

    /// Calls the server's admin API.
    #[track_caller]
    pub fn admin(&self, method: &str, path: &str, body: Option<Json>) -> Json {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let answer = self.http(method, &format!("/sonae-test/{path}"), "application/json", &body);
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{path}: {error}: {answer}"))
    }

    /// Makes calls fail.
    #[track_caller]
    pub fn fault(&self, fault: Json) {
        self.admin("POST", "faults", Some(fault));
    }

    /// Whether IAM decides about calls.
    pub fn enforce_iam(&self, enforced: bool) {
        self.http("POST", "/moto-api/reset-auth", "text/plain", if enforced { "0" } else { "inf" });
    }

    /// The calls that the server has answered, by operation, such as `s3:ListBuckets`.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        serde_json::from_value(self.admin("GET", "calls", None)["counts"].take()).expect("counts")
    }

    /// Runs one of the scripts in `tests/moto` against the server.
    pub fn script(&self, name: &str, args: &[&str]) -> String {
        script(&self.python, name, &[&["--endpoint", &self.url], args].concat())
    }

    fn http(&self, method: &str, path: &str, content_type: &str, body: &str) -> String {
        let host = self.url.strip_prefix("http://").expect("an http URL");
        let mut stream = TcpStream::connect(host).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a time-out");
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("the request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer in UTF-8");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.lines().next().is_some_and(|status| status.contains(" 200 ")), "{method} {path}: {answer}");
        body.to_owned()
    }
}

impl std::ops::Deref for Live {
    type Target = Organisation;

    fn deref(&self) -> &Organisation {
        &self.organisation
    }
}

impl Organisation {
    fn start() -> Self {
        let python = python();
        let mut server = Command::new(&python)
            .arg(directory().join("server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut greeting = String::new();
        let stdout = server.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut greeting).expect("the server greets");
        let url = greeting.trim().strip_prefix("listening ").unwrap_or_else(|| panic!("{greeting}")).to_owned();
        let made = script(&python, "organisation.py", &["--endpoint", &url, "--resources", RESOURCES]);
        let made: Json = serde_json::from_str(&made).expect("JSON");
        let manifest = manifest(&made);
        Self { server, python, url, made, manifest, undisturbed: None }
    }
}

impl Drop for Organisation {
    fn drop(&mut self) {
        // Tests end without dropping what is static: then the server sees its standard input close.
        let _ = self.server.kill();
    }
}

/// A manifest under which every rule has something to say: workloads by tag, account and ARN, with strict, lax and missing
/// objectives. JSON, so that Python reads it too.
fn manifest(made: &Json) -> Json {
    let account = |purpose: &str| json!({ "accounts": [made["accounts"][purpose]] });
    json!({
        "version": 1,
        "organization": "Works Example",
        "language": "en",
        "accounts": {
            "discover": "organizations",
            "role": made["role"],
            "ous": { "exclude": [made["cases"]["organizational_units"]["Suspended"]] },
        },
        "regions": made["regions"],
        "defaults": { "objectives": { "slo": "99%", "rpo": "24h", "rto": "24h", "retention": "7d" } },
        "workloads": [
            {
                "name": "logs",
                "select": { "arns": ["arn:aws:s3:::data-*"] },
                "tier": "non_critical",
                "objectives": { "rto": "72h" },
            },
            {
                "name": "mks",
                "select": { "tags": { "System": "mks" } },
                "tier": "critical",
                "primary_region": TOKYO,
                "dr_region": OSAKA,
                "strategy": "pilot_light",
                "objectives": {
                    "rpo": { "data": "1h", "az": "5m", "region": "24h" },
                    "rto": { "data": "2h", "az": "1h", "region": "18h" },
                    "retention": "7d",
                },
            },
            {
                "name": "web",
                "select": { "tags": { "System": "web" } },
                "tier": "important",
                "objectives": { "slo": "99.9%", "rto": { "infrastructure": "10m", "az": "30m" } },
            },
            {
                "name": "databases",
                "select": account("databases"),
                "tier": "critical",
                "dr_region": OSAKA,
                "objectives": { "rpo": { "data": "9h", "region": "12h" }, "rto": { "az": "30m" }, "retention": "90d" },
            },
            {
                "name": "storage",
                "select": account("storage"),
                "tier": "important",
                "dr_region": OSAKA,
                "objectives": { "rpo": "0s", "rto": "24h" },
            },
            { "name": "vault", "select": account("vault"), "tier": "critical", "objectives": { "retention": "7d" } },
        ],
    })
}

fn directory() -> PathBuf {
    repository().join("tests/moto")
}

fn script(python: &Path, name: &str, args: &[&str]) -> String {
    let output = Command::new(python)
        .arg(directory().join(name))
        .args(args)
        .env("AWS_ACCESS_KEY_ID", "TESTKEY0000000000000")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stderr(Stdio::inherit())
        .output()
        .expect("Python starts");
    assert!(output.status.success(), "{name} failed");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Python with what the server needs, in a virtual environment that is made once for each `requirements.txt`.
fn python() -> PathBuf {
    let requirements = directory().join("requirements.txt");
    let digest = Sha256::digest(fs::read(&requirements).expect("requirements.txt"));
    let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("moto-{hash}"));
    // Several test processes may come here at once.
    let lock = File::create(environment.with_extension("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let python = environment.join("bin/python");
    let ready = environment.join("ready");
    if !ready.exists() {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment));
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&requirements));
        File::create(&ready).expect("the mark");
    }
    python
}

fn run(command: &mut Command) {
    let status =
        command.status().unwrap_or_else(|error| panic!("{command:?}: {error}; the live tests need Python 3.11"));
    assert!(status.success(), "{command:?}: {status}");
}

/// Waits until something holds.
#[track_caller]
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_mins(1), "{what}: not within a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
}
