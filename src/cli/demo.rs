//! `sonae demo`: the whole way on an embedded organisation.

use std::collections::BTreeMap;
use std::process::ExitCode;

use jiff::Timestamp;

use super::args::{Judge, Terminal};
use super::exit::{Blame, Failure};
use super::inputs::Files;
use super::judge::judge;
use crate::snapshot::{Index, ScannedAccount, Snapshot};

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
pub fn run(args: &Judge, terminal: Terminal) -> Result<ExitCode, Failure> {
    let snapshot = snapshot()?;
    let files = match &args.manifest {
        Some(path) => Files::from_disk(Some(path))?,
        None => Files::from_snapshot(&snapshot.inputs)?,
    };
    judge(snapshot, &files.check(args)?, args, terminal)
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
    Snapshot::from_texts(index, PARTITIONS, inputs).run()
}

/// `fixtures/demo/snapshot.json`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    taken_at: Timestamp,
    accounts: Vec<ScannedAccount>,
    regions: Vec<String>,
}
