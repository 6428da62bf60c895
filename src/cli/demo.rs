//! `sonae demo`: the whole way on an embedded organisation.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use jiff::Timestamp;

use super::args::{Demo, Terminal};
use super::exit::{Blame, Failure};
use super::inputs::Files;
use super::judge::judge;
use crate::link::GLOBAL;
use crate::model::types;
use crate::snapshot::{
    CallStatus, Coverage, Index, Partition, PartitionKey, ScannedAccount, Snapshot, SnapshotError, SnapshotWriter,
};

/// What the demo organisation's services answered: path and text of each partition.
static PARTITIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/demo_partitions.rs"));
static INDEX: &str = include_str!("../../fixtures/demo/snapshot.json");
static FILES: [(&str, &str); 3] = [
    ("sonae.yaml", include_str!("../../fixtures/demo/sonae.yaml")),
    ("answers.yaml", include_str!("../../fixtures/demo/answers.yaml")),
    ("waivers.yaml", include_str!("../../fixtures/demo/waivers.yaml")),
];

/// Runs the command. A manifest on the command line is judged instead of the embedded one.
///
/// # Errors
/// What the user wrote is wrong, or a report cannot be written.
pub fn run(args: &Demo, terminal: Terminal) -> Result<ExitCode, Failure> {
    let mut snapshot = snapshot()?;
    if let Some(directory) = &args.snapshot {
        keep(&snapshot, directory)?;
        // What is on disk has digests of its own; the reports are to name those.
        snapshot = Snapshot::read(directory).run()?;
    }
    let files = match &args.judge.manifest {
        Some(path) => Files::from_disk(Some(path))?,
        None => Files::from_snapshot(&snapshot.inputs)?,
    };
    judge(snapshot, &files.check(&args.judge.select)?, &args.judge, terminal)
}

/// Writes the organisation as a scan would, with its files beside it for people to change.
fn keep(snapshot: &Snapshot, directory: &Path) -> Result<(), Failure> {
    let taken = FILES.iter().map(|(name, _)| directory.join(name)).find(|path| path.exists());
    if let Some(path) = taken {
        let error = anyhow!("{} exists already; name another directory", path.display());
        return Err(Failure::Configuration(error));
    }
    let index = &snapshot.index;
    let planned = snapshot.partitions.iter().map(|partition| partition.key.clone()).collect();
    let index = Index::new(index.taken_at, index.accounts.clone(), index.regions.clone(), Vec::new(), planned);
    let writer = match SnapshotWriter::create(directory, index, &snapshot.inputs) {
        Err(error @ SnapshotError::Exists(_)) => return Err(error).configuration(),
        other => other.run()?,
    };
    for partition in &snapshot.partitions {
        writer.add(&mut partition.clone()).run()?;
    }
    writer.finish().run()?;
    for (name, text) in FILES {
        let path = directory.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display())).run()?;
    }
    Ok(())
}

/// The embedded organisation.
///
/// # Errors
/// A defect of the fixture, which the tests rule out.
pub fn snapshot() -> Result<Snapshot, Failure> {
    let about: About = serde_json::from_str(INDEX).run()?;
    let index = Index::new(about.taken_at, about.accounts, about.regions, Vec::new(), Vec::new());
    let inputs: BTreeMap<String, Vec<u8>> =
        FILES.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    let texts = complete(&index)?;
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (&**path, &**text)).collect();
    Snapshot::from_texts(index, &texts, inputs).run()
}

/// The partitions, with all that was asked without finding anything: the files hold only what there is to tell.
fn complete(index: &Index) -> Result<Vec<(String, String)>, Failure> {
    let mut partitions: BTreeMap<PartitionKey, (String, Partition)> = BTreeMap::new();
    for (path, text) in PARTITIONS {
        let partition = Partition::read(text.as_bytes()).run()?;
        partitions.insert(partition.key.clone(), ((*path).to_owned(), partition));
    }
    let global = [GLOBAL.to_owned()];
    for ty in types::ALL {
        let Some(operation) = ty.listed_by.map(|operation| operation.to_string()) else { continue };
        if ty.listed_within.is_some() || types::ORGANIZATION_SERVICES.contains(&ty.service) {
            continue;
        }
        let regions = if types::GLOBAL_SERVICES.contains(&ty.service) { &global } else { &*index.regions };
        for (account, region) in index.accounts.iter().flat_map(|account| regions.iter().map(move |it| (account, it))) {
            let service = ty.service.into();
            let key = PartitionKey { account: (&*account.id).into(), region: (&**region).into(), service };
            let (_, partition) =
                partitions.entry(key.clone()).or_insert_with(|| (key.to_string(), Partition::new(key)));
            if partition.coverage.iter().all(|line| line.operation != operation) {
                let operation = operation.clone();
                partition.coverage.push(Coverage {
                    operation,
                    calls: 1,
                    throttles: 0,
                    status: CallStatus::Ok,
                    error: None,
                });
            }
        }
    }
    partitions
        .into_values()
        .map(|(path, mut partition)| {
            partition.sort();
            let mut text = Vec::new();
            partition.write(&mut text).run()?;
            Ok((path, String::from_utf8_lossy(&text).into_owned()))
        })
        .collect()
}

/// `fixtures/demo/snapshot.json`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    taken_at: Timestamp,
    accounts: Vec<ScannedAccount>,
    regions: Vec<String>,
}
