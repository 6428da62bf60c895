//! Running the program the way users do: a directory of its own, a scrubbed environment, exit code and output.
//!
//! ```ignore
//! let place = Place::new();
//! place.write("sonae.yaml", "version: 1\n");
//! place.sonae().args(["demo", "--manifest", "sonae.yaml"]).run().expect(0);
//! ```

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::LazyLock;

use serde_json::Value as Json;
use tempfile::TempDir;

/// The program in a temporary directory of its own.
pub fn sonae() -> Sonae {
    Place::new().sonae()
}

/// A temporary directory in which the program runs; removed with its last user.
#[derive(Clone)]
pub struct Place(Rc<TempDir>);

impl Place {
    pub fn new() -> Self {
        Self(Rc::new(tempfile::Builder::new().prefix("sonae-it-").tempdir().expect("a temporary directory")))
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Writes a file, with the directories above it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("the directory");
        std::fs::write(&path, bytes).expect("the file");
        path
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// A report that the program wrote.
    pub fn json(&self, name: &str) -> Json {
        serde_json::from_slice(&self.read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names in a directory, sorted.
    pub fn names(&self, directory: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(directory)).unwrap_or_else(|error| panic!("{directory}: {error}"));
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub fn sonae(&self) -> Sonae {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("sonae"));
        command.current_dir(self.root()).env_clear().stdin(Stdio::null());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        // Nothing of the machine's user: no AWS credentials, no configuration, no log level.
        command.env("HOME", self.root()).env("COLUMNS", "100");
        Sonae { place: self.clone(), command }
    }
}

/// One run of the program.
pub struct Sonae {
    place: Place,
    command: Command,
}

impl Sonae {
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts the program, for tests that do something to it while it runs.
    pub fn start(mut self) -> Running {
        let child = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        Running { place: self.place, child }
    }

    pub fn run(self) -> Output {
        self.start().wait()
    }
}

/// The program while it runs.
pub struct Running {
    place: Place,
    child: Child,
}

impl Running {
    /// The process.
    #[cfg(feature = "aws")]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    pub fn wait(self) -> Output {
        let output = self.child.wait_with_output().expect("the program ends");
        Output {
            code: output.status.code().expect("the program ends by itself"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
            place: self.place,
        }
    }
}

/// What a run left behind.
pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    pub place: Place,
}

impl Output {
    /// Stops the test unless the run ended with that exit code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert!(self.code == code, "exit code {}, not {code}\n{}\n{}", self.code, self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self
    }

    /// Exit code and error stream, for snapshots.
    pub fn errors(&self) -> String {
        format!("exit code {}\n{}", self.code, self.without_paths(&self.stderr))
    }

    /// Temporary paths as placeholders.
    pub fn without_paths(&self, text: &str) -> String {
        text.replace(&self.place.root().display().to_string(), "[TEMP]")
    }

    /// The `report.json` that the run wrote to the default directory.
    pub fn report(&self) -> Json {
        self.place.json("sonae-report/report.json")
    }
}

/// A demo run, made once for all tests that only look at it.
pub struct Demo {
    pub stdout: String,
    pub stderr: String,
    pub files: Vec<String>,
    pub xlsx: Vec<u8>,
    pub html: String,
    pub json: Json,
}

/// The demo in that language.
pub fn demo(language: &str) -> &'static Demo {
    static JA: LazyLock<Demo> = LazyLock::new(|| run_demo("ja"));
    static EN: LazyLock<Demo> = LazyLock::new(|| run_demo("en"));
    match language {
        "ja" => &JA,
        "en" => &EN,
        other => panic!("there is no demo in {other}"),
    }
}

fn run_demo(language: &str) -> Demo {
    let run = sonae().args(["demo", "--lang", language]).run().expect(1);
    Demo {
        files: run.place.names("sonae-report"),
        xlsx: run.place.read("sonae-report/checklist.xlsx"),
        html: String::from_utf8(run.place.read("sonae-report/report.html")).expect("UTF-8"),
        json: run.report(),
        stdout: run.stdout,
        stderr: run.stderr,
    }
}

/// Files of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a directory whose name ends like this, in the order of their paths.
pub fn files_below(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_below(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A rule of a user's own, valid as it is. Tests break it.
pub const RULE: &str = r#"id: own-rule
type: AWS::S3::Bucket
category: backup
severity: high
title: { ja: 独自の項目, en: An item of our own }
why: { ja: 理由, en: A reason }
pass: resource.versioning == "Enabled"
evidence: { versioning: resource.versioning }
remediation: { text: { ja: 直す, en: Mend it } }
examples:
  - { name: on, resource: { versioning: Enabled }, expect: pass }
  - { name: off, resource: { versioning: Suspended }, expect: fail }
  - { name: denied, resource: { versioning: { $unknown: denied } }, expect: unknown }
"#;

/// The rule with a part replaced, which must be there.
pub fn rule_with(old: &str, new: &str) -> String {
    assert!(RULE.contains(old), "the rule has no {old}");
    RULE.replacen(old, new, 1)
}
