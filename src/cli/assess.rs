//! `sonae assess`: everything after collect, offline.

use std::process::ExitCode;

use super::args::{Assess, Terminal};
use super::exit::{Blame, Failure};
use super::inputs::Files;
use super::judge::judge;
use crate::snapshot::{Snapshot, SnapshotError};

/// Runs the command. Without a manifest on the command line, the one that the scan was made with is used.
pub fn run(args: &Assess, terminal: Terminal) -> Result<ExitCode, Failure> {
    let snapshot = match Snapshot::read(&args.snapshot) {
        Err(error @ SnapshotError::NotASnapshot(_)) => return Err(error).configuration(),
        other => other.run()?,
    };
    let files = match &args.judge.manifest {
        Some(path) => Files::from_disk(Some(path))?,
        None => Files::from_snapshot(&snapshot.inputs)?,
    };
    judge(snapshot, &files.check(&args.judge.select)?, &args.judge, terminal)
}
