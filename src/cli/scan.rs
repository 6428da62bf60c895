//! `sonae scan`: collect, then everything after it.

use std::process::ExitCode;

use anyhow::Context;
use jiff::{Timestamp, Unit};

use super::args::{Scan, Terminal};
use super::exit::{self, Blame, Failure};
use super::inputs::Files;
use super::judge::judge;
use super::sources;
use crate::collect::Plan;
use crate::collect::aws::{Options, ScanError, ScanRequest, scan};
use crate::snapshot::{Snapshot, SnapshotError};

/// Runs the command.
pub fn run(args: &Scan, terminal: Terminal) -> Result<ExitCode, Failure> {
    let files = Files::from_disk(args.judge.manifest.as_deref())?;
    let inputs = files.check(&args.judge.select)?;
    // A baseline that cannot be read is better known before a long scan than after it.
    sources::baseline(&args.judge)?;
    // Whole seconds: the time is shown and compared, never measured with.
    #[expect(clippy::disallowed_methods, reason = "this is where the time of the snapshot comes from")]
    let taken_at = Timestamp::now().round(Unit::Second).run()?;
    let snapshot_dir = match &args.snapshot {
        Some(directory) => directory.clone(),
        None => args.judge.out.join("snapshots").join(taken_at.strftime("%Y%m%dT%H%M%SZ").to_string()),
    };
    let request = ScanRequest {
        manifest: &inputs.manifest,
        plan: Plan::for_rules(&inputs.rules, inputs.select_by_tags()),
        snapshot_dir,
        inputs: files.to_snapshot(),
        options: Options {
            endpoint_url: args.endpoint_url.clone(),
            profile: args.profile.clone(),
            progress: !terminal.quiet,
            ..Options::default()
        },
        taken_at,
        resume: args.resume,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start").run()?;
    let outcome = match runtime.block_on(scan(request)) {
        Err(
            error @ (ScanError::NoAccounts | ScanError::Snapshot(SnapshotError::Exists(_)) | ScanError::Changed(_)),
        ) => {
            return Err(error).configuration();
        }
        other => other.run()?,
    };
    // Reports come from the snapshot on disk, so that `assess` on it gives the same bytes.
    let snapshot = Snapshot::read(&outcome.snapshot_dir).run()?;
    let inputs = Files::from_snapshot(&snapshot.inputs)?.check(&args.judge.select)?;
    let code = judge(snapshot, &inputs, &args.judge, terminal)?;
    if !terminal.quiet {
        super::print(&format!("{}\n", outcome.snapshot_dir.display()))?;
    }
    // Whoever stopped the scan knows that it is incomplete; a gate must not take it for clean all the same.
    if outcome.interrupted && code == ExitCode::from(exit::CLEAN) {
        return Ok(ExitCode::from(exit::INCOMPLETE));
    }
    Ok(code)
}
