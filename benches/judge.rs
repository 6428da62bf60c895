//! The small steps, each by itself. `cargo bench --no-default-features --bench judge`

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs,
    reason = "the inputs are its own; criterion makes the entry point"
)]

#[allow(dead_code, reason = "the other benchmark needs more of it")]
mod synthetic;

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use sonae::diagnostic::SourceFile;
use sonae::judge::judge_all;
use sonae::link::link_resources;
use sonae::manifest::Manifest;
use sonae::model::schedule::longest_interval;
use sonae::model::types::s3::BUCKET;
use sonae::model::{Resource, Status, Unknown, UnknownReason, Value};
use sonae::rules::expression::{Scope, lower};
use sonae::rules::{Overrides, RuleSet};
use sonae::slot;
use sonae::snapshot::{Partition, PartitionKey};

fn rules() -> RuleSet {
    RuleSet::load(&[], &Overrides::new()).expect("our own rules")
}

fn load(criterion: &mut Criterion) {
    criterion.bench_function("load all rules", |bencher| bencher.iter(rules));
    let text = r#"resource.recovery_points.exists(point, point.region == workload.dr_region
        && point.status in ["COMPLETED", "AVAILABLE"] && now - point.created <= objectives.rpo.region)"#;
    let params = BTreeMap::new();
    let scope = Scope { resource: &BUCKET, params: &params, answer: &[] };
    criterion.bench_function("lower an expression", |bencher| bencher.iter(|| lower(black_box(text), &scope)));
}

/// One rule on a thousand resources; divide by a thousand.
fn evaluate(criterion: &mut Criterion) {
    let manifest = Manifest::parse(&SourceFile::new("synthetic.yaml", synthetic::MANIFEST)).expect("a manifest");
    let workload = manifest.workloads[0].value();
    let rules = rules().filter(|rule| &*rule.id == "s3-versioning-enabled");
    let unknown = Value::unknown(Unknown::new(UnknownReason::Denied, ""));
    for (name, versioning, status) in [
        ("pass", Value::str("Enabled"), Status::Pass),
        ("fail", Value::str("Suspended"), Status::Fail),
        ("unknown", unknown, Status::Unknown),
    ] {
        let mut bucket = Resource::new(&BUCKET, "111111111111", "ap-northeast-1", "assets");
        bucket.set(slot!(BUCKET, "versioning"), versioning);
        let buckets = vec![bucket; 1000];
        let judge = || judge_all(&rules, black_box(&buckets), |_| &workload, |_, _| None, synthetic::NOW);
        assert!(judge().iter().all(|verdict| verdict.status == status));
        criterion.bench_function(&format!("judge 1000 x {name}"), |bencher| bencher.iter(judge));
    }
}

fn partition(criterion: &mut Criterion) {
    let mut resources: Vec<Resource> = (0..10).flat_map(synthetic::place).collect();
    link_resources(&mut resources, synthetic::NOW);
    resources.truncate(10_000);
    let key = PartitionKey { account: "111111111111".into(), region: "ap-northeast-1".into(), service: "all".into() };
    let partition = Partition { key, coverage: Vec::new(), resources };
    let mut text = Vec::new();
    partition.write(&mut text).expect("memory takes every byte");
    println!("10 000 resources are {} bytes", text.len());
    criterion.bench_function("write 10 000 resources", |bencher| {
        bencher.iter(|| partition.write(std::io::sink()).expect("nowhere takes every byte"));
    });
    criterion.bench_function("read 10 000 resources", |bencher| {
        bencher.iter(|| Partition::read(black_box(text.as_slice())).expect("what was written can be read"));
    });
}

fn schedule(criterion: &mut Criterion) {
    for schedule in ["cron(0 5 ? * * *)", "cron(0 * ? * * *)", "cron(0 5 L * ? *)"] {
        criterion.bench_function(&format!("longest interval of {schedule}"), |bencher| {
            bencher.iter(|| longest_interval(black_box(schedule), Some("Asia/Tokyo"), synthetic::NOW));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = load, evaluate, partition, schedule
}
criterion_main!(benches);
