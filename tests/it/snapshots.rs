//! Snapshots on disk: written through the library, judged by the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;
use sonae::model::schema::Type;
use sonae::model::types::s3::BUCKET;
use sonae::model::{Resource, ResourceType, Seconds, Unknown, UnknownReason, Value, types};
use sonae::snapshot::{CallStatus, Coverage, Index, Partition, PartitionKey, ScannedAccount, Snapshot, SnapshotWriter};

use crate::common::Place;

const ACCOUNT: &str = "111111111111";
const REGION: &str = "ap-northeast-1";

/// A bucket of the scan's one account, read whole.
pub fn bucket(id: &str, versioning: &str) -> Resource {
    let mut bucket = Resource::new(&BUCKET, ACCOUNT, REGION, id);
    bucket.arn = format!("arn:aws:s3:::{id}").into();
    for field in &mut bucket.fields {
        *field = Value::Null;
    }
    let mut set = |name: &str, value: Value| {
        let (slot, _) = BUCKET.field(name).expect("a field of buckets");
        bucket.set(slot, value);
    };
    set("tags", Value::map([("System", "web")]));
    set("versioning", Value::str(versioning));
    set("mfa_delete", Value::str("Disabled"));
    bucket
}

/// A scan of one account and Region that asked S3, and AWS Backup, which has no plans there.
pub struct Scan {
    buckets: Vec<Resource>,
    denied: Vec<String>,
    without: Vec<String>,
    manifest: String,
    inputs: Vec<(String, String)>,
}

impl Scan {
    pub const MANIFEST: &str = "\
version: 1
organization: Example
language: ja
accounts: [\"111111111111\"]
regions: [ap-northeast-1]
workloads:
  - name: web
    select: { tags: { System: web } }
    tier: critical
    objectives: { slo: 99%, rpo: 1h, rto: 4h, retention: 7d }
";

    pub fn new() -> Self {
        Self {
            buckets: Vec::new(),
            denied: Vec::new(),
            without: Vec::new(),
            manifest: Self::MANIFEST.to_owned(),
            inputs: Vec::new(),
        }
    }

    pub fn with(mut self, bucket: Resource) -> Self {
        self.buckets.push(bucket);
        self
    }

    pub fn manifest(mut self, text: &str) -> Self {
        text.clone_into(&mut self.manifest);
        self
    }

    /// Another file that the scan was made with.
    pub fn input(mut self, name: &str, text: &str) -> Self {
        self.inputs.push((name.to_owned(), text.to_owned()));
        self
    }

    /// An operation that AWS refused.
    pub fn denied(mut self, operation: &str) -> Self {
        self.denied.push(operation.to_owned());
        self
    }

    /// A service that was planned and never written.
    pub fn without(mut self, service: &str) -> Self {
        self.without.push(service.to_owned());
        self
    }

    pub fn write(self, root: &Path) {
        let key =
            |service: &str| PartitionKey { account: ACCOUNT.into(), region: REGION.into(), service: service.into() };
        let account = ScannedAccount { id: ACCOUNT.to_owned(), name: "web-production".to_owned() };
        let time = "2026-10-01T00:00:00Z".parse().expect("a time");
        let index =
            Index::new(time, vec![account], vec![REGION.to_owned()], Vec::new(), vec![key("s3"), key("backup")]);
        let files = self.inputs.into_iter().chain([("sonae.yaml".to_owned(), self.manifest)]);
        let inputs: BTreeMap<String, Vec<u8>> = files.map(|(name, text)| (name, text.into_bytes())).collect();
        let writer = SnapshotWriter::create(root, index, &inputs).expect("a new snapshot");
        if !self.without.iter().any(|service| service == "s3") {
            let mut partition = Partition::new(key("s3"));
            partition.resources = self.buckets;
            let answered = |operation: &str| (operation.to_owned(), CallStatus::Ok, None);
            let denied = |operation: &String| (operation.clone(), CallStatus::Denied, Some("AccessDenied".to_owned()));
            let calls = ["s3:ListBuckets", "s3:GetBucketVersioning"].map(answered);
            let calls = calls.into_iter().filter(|(operation, ..)| !self.denied.contains(operation));
            partition.coverage = calls
                .chain(self.denied.iter().map(denied))
                .map(|(operation, status, error)| Coverage { operation, calls: 1, throttles: 0, status, error })
                .collect();
            writer.add(&mut partition).expect("the partition");
        }
        let mut backup = Partition::new(key("backup"));
        backup.coverage = ["backup:DescribeRegionSettings", "backup:ListBackupPlans"]
            .map(|operation| Coverage {
                operation: operation.to_owned(),
                calls: 1,
                throttles: 0,
                status: CallStatus::Ok,
                error: None,
            })
            .into();
        writer.add(&mut backup).expect("the partition");
        writer.finish().expect("the index");
    }
}

const PARTITION: &str = "scan/partitions/111111111111/ap-northeast-1/s3.jsonl.zst";

fn place_with(scan: Scan) -> Place {
    let place = Place::new();
    scan.write(&place.path("scan"));
    place
}

#[test]
fn a_snapshot_is_judged_with_the_manifest_it_was_made_with() {
    let place = place_with(Scan::new().with(bucket("a", "Enabled")).with(bucket("b", "Suspended")));
    let report = place.sonae().args(["assess", "scan", "--rule", "s3-versioning-enabled"]).run().expect(1).report();
    assert_eq!(report["organization"], "Example");
    assert_eq!(report["generated_at"], "2026-10-01T00:00:00Z");
    let findings = report["findings"].as_array().expect("findings");
    let verdicts: Vec<_> =
        findings.iter().map(|found| (&found["resource"], &found["status"], &found["workload"])).collect();
    assert_eq!(verdicts, [(&"b".into(), &"fail".into(), &"web".into()), (&"a".into(), &"pass".into(), &"web".into())]);
    assert_eq!(report["snapshot"]["accounts"][0]["name"], "web-production");
    assert_eq!(report["snapshot"]["digest"].as_str().map(str::len), Some(64));
}

#[test]
fn another_manifest_judges_the_same_snapshot_otherwise() {
    let place = place_with(Scan::new().with(bucket("a", "Suspended")));
    place.write("other.yaml", "organization: Other\n");
    let run =
        place.sonae().args(["assess", "scan", "--manifest", "other.yaml", "--rule", "s3-versioning-enabled"]).run();
    let report = run.expect(0).report();
    assert_eq!(report["organization"], "Other");
    assert_eq!(report["findings"][0]["status"], "not_applicable", "no RPO is declared");
    assert_eq!(report["findings"][0]["workload"], "default");
}

#[test]
fn a_missing_partition_is_seen_everywhere() {
    let place = place_with(Scan::new().without("s3"));
    let run = place.sonae().args(["assess", "scan", "--lang", "en", "--service", "s3"]).run().expect(3);
    let report = run.report();
    assert_eq!(report["summary"]["complete"], false);
    assert_eq!(report["snapshot"]["missing"], serde_json::json!(["111111111111/ap-northeast-1/s3"]));
    let findings = report["findings"].as_array().expect("findings");
    assert!(!findings.is_empty(), "nothing that was not read passes by being left out");
    assert!(
        findings.iter().all(|finding| finding["status"] == "unknown" && finding["resource"] == "*"),
        "{findings:#?}"
    );
    let html = String::from_utf8(place.read("sonae-report/report.html")).expect("UTF-8");
    assert!(html.contains("111111111111/ap-northeast-1/s3"));
    assert!(run.stdout.contains("missing partitions: 111111111111/ap-northeast-1/s3"), "{}", run.stdout);
}

#[test]
fn a_field_that_the_scan_did_not_ask_for_leaves_the_run_incomplete() {
    let mut bucket = bucket("assets", "Enabled");
    let (versioning, _) = BUCKET.field("versioning").expect("a field of buckets");
    bucket.set(versioning, sonae::model::resource::not_collected());
    let place = place_with(Scan::new().with(bucket));
    let args = ["assess", "scan", "--rule", "s3-versioning-enabled", "--fail-on", "never"];
    let report = place.sonae().args(args).run().expect(3).report();
    assert_eq!(report["summary"]["by_status"]["unknown"], 1);
    assert_eq!(report["summary"]["complete"], false);
    place.sonae().args(args).args(["--allow-unknown"]).run().expect(0);
}

#[test]
fn a_call_that_was_denied_is_unknown_and_named() {
    let mut unread = bucket("a", "Enabled");
    let (slot, _) = BUCKET.field("versioning").expect("the field");
    unread.set(
        slot,
        Value::unknown(Unknown {
            reason: UnknownReason::Denied,
            operation: Some("s3:GetBucketVersioning".to_owned()),
            detail: "AccessDenied".to_owned(),
        }),
    );
    let place = place_with(Scan::new().with(unread).denied("s3:GetBucketVersioning"));
    let run = place.sonae().args(["assess", "scan", "--rule", "s3-versioning-enabled"]).run().expect(3);
    let finding = run.report()["findings"][0].clone();
    assert_eq!(finding["status"], "unknown");
    let reason = finding["reason"].as_str().expect("a reason");
    assert!(reason.contains("s3:GetBucketVersioning"), "{reason}");
    assert!(run.stdout.contains("s3:GetBucketVersioning"), "{}", run.stdout);
}

#[test]
fn a_changed_byte_stops_the_run_and_names_the_file() {
    for file in [PARTITION, "scan/inputs/sonae.yaml"] {
        let place = place_with(Scan::new().with(bucket("a", "Enabled")));
        let mut bytes = place.read(file);
        bytes[20] ^= 1;
        place.write(file, bytes);
        let run = place.sonae().args(["assess", "scan"]).run().expect(4);
        assert!(run.stderr.contains(file) && run.stderr.contains("was changed after the scan"), "{}", run.stderr);
        assert!(!place.path("sonae-report").exists());
    }
}

#[test]
fn a_deleted_file_stops_the_run_and_names_the_file() {
    for file in [PARTITION, "scan/inputs/sonae.yaml"] {
        let place = place_with(Scan::new().with(bucket("a", "Enabled")));
        fs::remove_file(place.path(file)).expect("the file");
        let run = place.sonae().args(["assess", "scan"]).run().expect(4);
        assert!(run.stderr.contains(&format!("cannot read {file}")), "{}", run.stderr);
    }
}

#[test]
fn snapshots_of_another_format_are_refused_by_name() {
    let place = place_with(Scan::new());
    let index = String::from_utf8(place.read("scan/snapshot.json")).expect("UTF-8");
    place.write("scan/snapshot.json", index.replace("sonae.snapshot/1", "sonae.snapshot/99"));
    let run = place.sonae().args(["assess", "scan"]).run().expect(4);
    assert!(run.stderr.contains("scan/snapshot.json") && run.stderr.contains("`sonae.snapshot/99`"), "{}", run.stderr);
    place.write("scan/snapshot.json", "{");
    let run = place.sonae().args(["assess", "scan"]).run().expect(4);
    assert!(run.stderr.contains("scan/snapshot.json"), "{}", run.stderr);
}

/// The partition's file with its text replaced, known to no digest, as after a scan that was killed.
fn forged(text: &str) -> (Place, PathBuf) {
    let place = place_with(Scan::new().without("s3"));
    let path = place.write(PARTITION, zstd::encode_all(text.as_bytes(), 3).expect("zstd"));
    (place, path)
}

const HEADER: &str = r#"{"format":"sonae.partition/1","key":{"account":"111111111111","region":"ap-northeast-1","service":"s3"},"coverage":0,"resources":1}"#;
const LINE: &str = r#"{"type":"AWS::S3::Bucket","id":"a","fields":{"versioning":"Enabled"}}"#;

#[test]
fn a_partition_that_does_not_fit_is_named_with_its_line() {
    for (text, problem) in [
        (HEADER.replace("partition/1", "partition/9"), "line 1: the format is sonae.partition/9"),
        (HEADER.to_owned(), "the file ends before the end of its resources"),
        (format!("{HEADER}\n{}", LINE.replace("S3", "S4")), "line 2: there is no resource type AWS::S4::Bucket"),
        (
            format!("{HEADER}\n{}", LINE.replace("versioning", "version")),
            "line 2: version: there is no field of that name",
        ),
        (format!("{HEADER}\n{}", LINE.replace("\"Enabled\"", "7")), "line 2: versioning: expected a text, found 7"),
        (format!("{HEADER}\n{LINE}\n{LINE}"), "line 3: the header names fewer lines"),
        (
            format!("{}\n{LINE}", HEADER.replace("\"s3\"", "\"rds\"")),
            "line 1: this is the partition 111111111111/ap-northeast-1/rds",
        ),
    ] {
        let (place, _) = forged(&text);
        let run = place.sonae().args(["assess", "scan"]).run().expect(4);
        assert!(run.stderr.contains(PARTITION) && run.stderr.contains(problem), "{problem}: {}", run.stderr);
    }
}

#[test]
fn a_partition_that_the_index_does_not_know_yet_counts() {
    let (place, _) = forged(&format!("{HEADER}\n{LINE}\n"));
    let report = place.sonae().args(["assess", "scan", "--rule", "s3-versioning-enabled"]).run().report();
    assert_eq!(report["snapshot"]["missing"], serde_json::json!([]));
    let findings = report["findings"].as_array().expect("findings");
    assert!(findings.iter().any(|finding| finding["resource"] == "a"), "{findings:#?}");
}

#[test]
fn the_digest_depends_on_what_was_read_and_not_on_when_it_was_written() {
    let digest = |scan: Scan| {
        let place = place_with(scan);
        Snapshot::read(&place.path("scan")).expect("the snapshot").digest()
    };
    let (a, b) = (bucket("a", "Enabled"), bucket("b", "Enabled"));
    assert_eq!(digest(Scan::new().with(a.clone()).with(b.clone())), digest(Scan::new().with(b.clone()).with(a)));
    assert_ne!(digest(Scan::new().with(b)), digest(Scan::new()));
}

/// Any text, line breaks and all.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z0-9-]{0,12}",
        Just("備え\u{1f5ff}\u{202e}\u{0}\r\n\u{2028}\"\\".to_owned()),
        Just("$unknown".to_owned()),
        Just("PT1H".to_owned()),
    ]
}

fn unknown() -> impl Strategy<Value = Value> {
    let reason = proptest::sample::select(vec![
        UnknownReason::Denied,
        UnknownReason::Throttled,
        UnknownReason::Unreachable,
        UnknownReason::Unsupported,
        UnknownReason::NotOffered,
        UnknownReason::Error,
        UnknownReason::Interrupted,
        UnknownReason::OutsideScan,
        UnknownReason::NotInPlan,
        UnknownReason::Absent,
        UnknownReason::Mismatch,
    ]);
    (reason, proptest::option::of(text()), text())
        .prop_map(|(reason, operation, detail)| Value::unknown(Unknown { reason, operation, detail }))
}

/// A value that a field of that type may hold.
fn value(ty: Type) -> BoxedStrategy<Value> {
    let known: BoxedStrategy<Value> = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Int => any::<i64>().prop_map(Value::Int).boxed(),
        Type::Double => (-1e6..1e6_f64).prop_map(|number| Value::Double((number * 8.0).round() / 8.0)).boxed(),
        Type::Str => text().prop_map(Value::from).boxed(),
        // Words that AWS does not document arrive all the same.
        Type::Enum(words) => {
            prop_oneof![proptest::sample::select(words).prop_map(Value::str), text().prop_map(Value::from)].boxed()
        }
        Type::Timestamp => (0..4_000_000_000_i64, 0..1_000_000_i32)
            .prop_map(|(second, micro)| Value::Timestamp(jiff::Timestamp::new(second, micro * 1000).expect("a time")))
            .boxed(),
        Type::Duration => (0..400_000_000_000_i64).prop_map(|seconds| Value::Duration(Seconds(seconds))).boxed(),
        Type::Map => proptest::collection::btree_map(text(), text(), 0..4).prop_map(Value::map).boxed(),
        Type::List(item) => proptest::collection::vec(value(*item), 0..3).prop_map(Value::list).boxed(),
        Type::Record(record) => record
            .fields
            .iter()
            .map(|field| value(field.ty))
            .collect::<Vec<_>>()
            .prop_map(|fields| Value::Record(fields.into()))
            .boxed(),
    };
    prop_oneof![6 => known, 1 => Just(Value::Null), 1 => unknown()].boxed()
}

fn resource() -> impl Strategy<Value = Resource> {
    proptest::sample::select(types::ALL).prop_flat_map(|ty: &'static ResourceType| {
        let fields: Vec<_> = ty
            .fields
            .iter()
            .map(|field| prop_oneof![3 => value(field.ty), 1 => Just(sonae::model::resource::not_collected())])
            .collect();
        (text(), text(), text(), fields).prop_map(move |(id, arn, name, fields)| {
            let mut resource = Resource::new(ty, ACCOUNT, REGION, &id);
            resource.arn = arn.into();
            // A resource without a name is called by its id.
            resource.name = if name.is_empty() { Arc::clone(&resource.id) } else { name.into() };
            resource.fields = fields.into();
            resource
        })
    })
}

fn coverage() -> impl Strategy<Value = Coverage> {
    let status =
        proptest::sample::select(vec![CallStatus::Ok, CallStatus::Denied, CallStatus::Error, CallStatus::Skipped]);
    (text(), any::<u64>(), any::<u64>(), status, proptest::option::of(text())).prop_map(
        |(operation, calls, throttles, status, error)| Coverage { operation, calls, throttles, status, error },
    )
}

fn partition() -> impl Strategy<Value = Partition> {
    (proptest::collection::vec(coverage(), 0..3), proptest::collection::vec(resource(), 0..3)).prop_map(
        |(coverage, resources)| {
            let key = PartitionKey { account: ACCOUNT.into(), region: REGION.into(), service: "s3".into() };
            Partition { key, coverage, resources }
        },
    )
}

fn written(partition: &Partition) -> Vec<u8> {
    let mut bytes = Vec::new();
    partition.write(&mut bytes).expect("bytes");
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_back(partition in partition()) {
        let bytes = written(&partition);
        let read = Partition::read(bytes.as_slice()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&read.key, &partition.key);
        prop_assert_eq!(&read.coverage, &partition.coverage);
        prop_assert_eq!(format!("{:?}", read.resources), format!("{:?}", partition.resources));
        for (read, written) in read.resources.iter().zip(&partition.resources) {
            prop_assert_eq!(&read.arn, &written.arn);
            prop_assert_eq!(&read.name, &written.name);
        }
        prop_assert_eq!(written(&read), bytes);
    }

    #[test]
    fn no_bytes_stop_the_reader(bytes: Vec<u8>) {
        let _ = Partition::read(bytes.as_slice());
    }

    #[test]
    fn no_change_of_a_partition_stops_the_reader(partition in partition(), place: proptest::sample::Index, byte: u8, cut: bool) {
        let mut bytes = written(&partition);
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if cut {
            bytes.truncate(place);
        }
        let _ = Partition::read(bytes.as_slice());
    }
}
