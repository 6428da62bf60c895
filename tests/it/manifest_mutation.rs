//! Every field of a manifest, with whatever people may write there: it works, or the error says where, why and what to do.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};
use sonae::assess::answers::Answers;
use sonae::assess::waivers::Waivers;
use sonae::assess::{Inputs, assess};
use sonae::diagnostic::{Diagnostic, Severity, SourceFile};
use sonae::manifest::terraform::States;
use sonae::manifest::{Manifest, RawManifest};
use sonae::rules::{Overrides, RuleSet};
use sonae::snapshot::Snapshot;

use crate::common::{Place, repository};
use crate::snapshots::{Scan, bucket};

/// The demo's manifest, with the keys that it leaves out.
fn manifest() -> Json {
    let text = std::fs::read_to_string(repository().join("fixtures/demo/sonae.yaml")).expect("the demo's manifest");
    let mut manifest: Json = serde_saphyr::from_str(&text).expect("YAML");
    manifest["accounts"] = json!({
        "list": ["111111111111"], "role": "audit/SonaeReadOnly", "external_id": "x", "exclude": ["222222222222"],
        "ous": { "include": ["ou-1"], "exclude": ["ou-2"] },
    });
    manifest["workloads"][0]["select"]["arns"] = json!(["arn:aws:s3:::mks-*"]);
    manifest["workloads"][0]["objectives"]["rpo"]["infrastructure"] = json!("5m");
    manifest["workloads"][0]["objectives"]["rto"]["infrastructure"] = json!("1h");
    manifest["workloads"][0]["recovery"] = json!({ "measured": [{
        "mechanism": "rds-pitr", "store": "mks-production-main", "rpo": "5m", "rto": "90m", "on": "2026-06-19",
        "source": "https://wiki.example.com/drill",
    }] });
    manifest["rules"] = json!({
        "dirs": ["rules"], "disable": ["rds-multi-az"],
        "params": { "backup-frequency": { "continuous_lag": "15m" } },
    });
    manifest["iac"] = json!({ "terraform_states": ["terraform.tfstate"] });
    manifest["history"] = json!(["reports/2026-Q2"]);
    manifest
}

/// What stands in for a value. Strings stay strings and numbers numbers: what is written is JSON, which is YAML.
fn others() -> Vec<Json> {
    let mut others: Vec<Json> =
        ["", " ", "x", "備え", "0", "-1", "-5m", "5", "99999999999999h", "1e400", "NaN", "~", "*", "!"]
            .map(Json::from)
            .into();
    others.extend(
        ["2026-02-30", "../..", "null", "a\nb", "\u{0}\u{7f}\u{202e}", "{{", "100.1%", "0%", "1 month"].map(Json::from),
    );
    others.push("長".repeat(5000).into());
    others.extend([json!(null), json!(true), json!(0), json!(-1), json!(1.5), json!(1e300), json!(u64::MAX)]);
    others.extend([
        json!([]),
        json!({}),
        json!(["x"]),
        json!([null]),
        json!([[]]),
        json!({ "x": "y" }),
        json!({ "": {} }),
    ]);
    others
}

/// What is done to one place of the manifest.
enum Change<'a> {
    Nothing,
    Replace(&'a Json),
    Drop,
    Duplicate,
    Misspell,
}

/// The manifest as text, one value a line, with a change at a path; and the line of the change.
fn written(manifest: &Json, path: &[String], change: &Change<'_>) -> (String, usize) {
    let mut writer = Writer { text: String::new(), path, change, line: 1 };
    writer.value(manifest, &mut Vec::new());
    (writer.text, writer.line)
}

struct Writer<'a> {
    text: String,
    path: &'a [String],
    change: &'a Change<'a>,
    line: usize,
}

impl Writer<'_> {
    fn value(&mut self, value: &Json, at: &mut Vec<String>) {
        match value {
            Json::Object(entries) => {
                self.text.push_str("{\n");
                for (key, value) in entries {
                    self.entry(Some(key), value, at);
                }
                self.text.push('}');
            }
            Json::Array(items) => {
                self.text.push_str("[\n");
                for (index, value) in items.iter().enumerate() {
                    at.push(index.to_string());
                    self.item(None, value, at);
                    at.pop();
                }
                self.text.push(']');
            }
            scalar => write!(self.text, "{scalar}").expect("memory"),
        }
    }

    fn entry(&mut self, key: Option<&String>, value: &Json, at: &mut Vec<String>) {
        at.push(key.cloned().unwrap_or_default());
        self.item(key, value, at);
        at.pop();
    }

    fn item(&mut self, key: Option<&String>, value: &Json, at: &mut Vec<String>) {
        let here = at.as_slice() == self.path;
        let times = match self.change {
            Change::Drop if here => 0,
            Change::Duplicate if here => 2,
            _ => 1,
        };
        if here {
            self.line = self.text.matches('\n').count() + 1;
        }
        for _ in 0..times {
            if let Some(key) = key {
                let key = if here && matches!(self.change, Change::Misspell) { format!("{key}x") } else { key.clone() };
                write!(self.text, "{}: ", Json::from(key)).expect("memory");
            }
            match self.change {
                Change::Replace(other) if here => write!(self.text, "{other}").expect("memory"),
                _ => self.value(value, at),
            }
            self.text.push_str(",\n");
        }
    }
}

/// The paths of all values, those of containers too.
fn paths(value: &Json, at: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let mut each = |name: String, value: &Json| {
        at.push(name);
        found.push(at.clone());
        paths(value, at, found);
        at.pop();
    };
    match value {
        Json::Object(entries) => entries.iter().for_each(|(key, value)| each(key.clone(), value)),
        Json::Array(items) => items.iter().enumerate().for_each(|(index, value)| each(index.to_string(), value)),
        _ => {}
    }
}

/// Reads manifests, and judges by those that are accepted.
struct Trial {
    snapshot: Snapshot,
    rules: RuleSet,
    judged: BTreeSet<String>,
    accepted: usize,
    refused: usize,
}

impl Trial {
    fn new() -> Self {
        let place = Place::new();
        Scan::new().with(bucket("a", "Enabled")).write(&place.path("scan"));
        let snapshot = Snapshot::read(&place.path("scan")).expect("the snapshot");
        let rules = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
        // Those that read what manifests declare, and one on a resource.
        let rules = rules.filter(|rule| {
            rule.targets.iter().any(|target| target.ty.listed_by.is_none()) || &*rule.id == "s3-versioning-enabled"
        });
        Self { snapshot, rules, judged: BTreeSet::new(), accepted: 0, refused: 0 }
    }

    /// Reads a manifest. `near` is the line that was changed.
    fn read(&mut self, text: &str, near: Option<usize>, what: &str) -> bool {
        let file = SourceFile::new("sonae.yaml", text);
        match Manifest::parse(&file) {
            Ok(manifest) => {
                self.accepted += 1;
                manifest.warnings.iter().for_each(|warning| complete(warning, None, what));
                self.judge(&manifest);
                true
            }
            Err(problems) => {
                self.refused += 1;
                let errors: Vec<&Diagnostic> =
                    problems.0.iter().filter(|problem| problem.severity == Severity::Error).collect();
                assert!(!errors.is_empty(), "{what}: refused without an error");
                for problem in &problems.0 {
                    complete(problem, near.filter(|_| errors.len() == 1 && problem.severity == Severity::Error), what);
                }
                false
            }
        }
    }

    fn judge(&mut self, manifest: &Manifest) {
        // What workloads promise is what judging sees.
        let seen: Vec<_> = manifest.workloads.iter().chain([&manifest.default_workload]).collect();
        if !self.judged.insert(format!("{seen:?}")) {
            return;
        }
        let (answers, waivers, terraform) = (Answers::default(), Waivers::default(), States::default());
        let inputs = Inputs {
            manifest,
            rules: &self.rules,
            answers: &answers,
            waivers: &waivers,
            terraform: &terraform,
            language: manifest.language,
        };
        let report = assess(self.snapshot.clone(), &inputs);
        assert!(!report.findings.is_empty(), "something is judged by every manifest");
    }
}

/// An error says where, why and what to do.
fn complete(problem: &Diagnostic, near: Option<usize>, what: &str) {
    let rendered = problem.render(false);
    let (line, column) = problem.file.position(problem.span.start);
    let lines = problem.file.text.lines().count().max(1);
    assert!(line <= lines + 1 && column > 0, "{what}: line {line} of {lines}\n{rendered}");
    assert!(rendered.contains(&format!("sonae.yaml:{line}:")), "{what}: no place\n{rendered}");
    assert!(!problem.message.trim().is_empty(), "{what}: no cause\n{rendered}");
    assert!(problem.help.as_ref().is_some_and(|help| !help.trim().is_empty()), "{what}: no cure\n{rendered}");
    if let Some(near) = near {
        assert!(line.abs_diff(near) <= 1, "{what}: line {near} was changed\n{rendered}");
    }
}

#[test]
fn the_whole_manifest_is_tried() {
    // A key of the format that is not tried here is one that nobody has tried to break.
    fn names(schema: &Json, definitions: &Map<String, Json>, found: &mut BTreeSet<String>) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            names(&definitions[name], definitions, found);
        }
        for part in ["anyOf", "oneOf", "allOf"] {
            schema[part].as_array().into_iter().flatten().for_each(|one| names(one, definitions, found));
        }
        names_of(&schema["items"], definitions, found);
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if found.insert(name.clone()) {
                names(property, definitions, found);
            }
        }
    }
    fn names_of(schema: &Json, definitions: &Map<String, Json>, found: &mut BTreeSet<String>) {
        if schema.is_object() {
            names(schema, definitions, found);
        }
    }
    let schema = serde_json::to_value(schemars::schema_for!(RawManifest)).expect("JSON");
    let definitions = schema["$defs"].as_object().cloned().unwrap_or_default();
    let mut wanted = BTreeSet::new();
    names(&schema, &definitions, &mut wanted);
    let mut tried = Vec::new();
    paths(&manifest(), &mut Vec::new(), &mut tried);
    assert!(wanted.len() > 30, "the schema names {wanted:?}");
    let tried: BTreeSet<&str> = tried.iter().flatten().map(String::as_str).collect();
    // Texts are in one or both languages.
    let missing: Vec<&String> = wanted.iter().filter(|name| !tried.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?} is not tried");
}

#[test]
fn a_manifest_with_any_value_in_any_place_works_or_says_what_is_wrong() {
    let manifest = manifest();
    let mut trial = Trial::new();
    let (text, _) = written(&manifest, &[], &Change::Nothing);
    assert!(trial.read(&text, None, "unchanged"), "the manifest is valid before it is changed");
    let mut places = Vec::new();
    paths(&manifest, &mut Vec::new(), &mut places);
    assert!(places.len() > 100, "{}", places.len());
    for path in &places {
        for other in others() {
            let what = format!("{} = {}", path.join("."), other.to_string().chars().take(60).collect::<String>());
            let (text, line) = written(&manifest, path, &Change::Replace(&other));
            trial.read(&text, Some(line), &what);
        }
    }
    assert!(trial.accepted > 100 && trial.refused > 1000, "{} {}", trial.accepted, trial.refused);
}

#[test]
fn a_manifest_that_lacks_a_key_or_has_it_twice_or_misspelt_works_or_says_what_is_wrong() {
    let manifest = manifest();
    let mut trial = Trial::new();
    let mut places = Vec::new();
    paths(&manifest, &mut Vec::new(), &mut places);
    for path in &places {
        let what = path.join(".");
        let key = path.last().is_some_and(|name| name.parse::<usize>().is_err());
        let (text, _) = written(&manifest, path, &Change::Drop);
        trial.read(&text, None, &format!("{what} dropped"));
        let (text, _) = written(&manifest, path, &Change::Duplicate);
        let accepted = trial.read(&text, None, &format!("{what} twice"));
        assert!(!(key && accepted), "{what}: the second one would win unseen");
        // Names of tags, rules and parameters are people's own.
        let own = ["tags", "params"].iter().any(|parent| path.iter().rev().skip(1).any(|name| name == parent));
        if key && !own {
            let (text, line) = written(&manifest, path, &Change::Misspell);
            let accepted = trial.read(&text, Some(line), &format!("{what} misspelt"));
            assert!(!accepted, "{what}: a misspelt key would count for nothing");
        }
    }
    assert!(trial.accepted > 50 && trial.refused > 100, "{} {}", trial.accepted, trial.refused);
}

proptest::proptest! {
    #[test]
    fn no_text_stops_the_reader(text in "[\\PC\n]{0,200}") {
        Trial::parse(&text);
    }

    #[test]
    fn no_piece_that_is_missing_or_doubled_stops_the_reader(start in 0_usize..4000, length in 0_usize..400, twice: bool) {
        let text = std::fs::read_to_string(repository().join("fixtures/demo/sonae.yaml")).expect("the demo's manifest");
        let place = |at: usize| (at.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        let (from, to) = (place(start), place(start + length));
        let piece = if twice { text[from..to].repeat(2) } else { String::new() };
        Trial::parse(&format!("{}{piece}{}", &text[..from], &text[to..]));
    }
}

impl Trial {
    /// Reads a text that need not be anything.
    fn parse(text: &str) {
        if let Err(problems) = Manifest::parse(&SourceFile::new("sonae.yaml", text)) {
            problems.0.iter().for_each(|problem| complete(problem, None, text));
        }
    }
}
