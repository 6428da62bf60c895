//! `sonae scan`: collect, then everything after it.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use jiff::{Timestamp, Unit};

use super::args::{Scan, Terminal};
use super::exit::{self, Blame, Failure};
use super::inputs::{Files, Inputs};
use super::judge::judge;
use crate::collect::Plan;
use crate::collect::aws::{Options, ScanError, ScanRequest, scan};
use crate::snapshot::{Snapshot, SnapshotError};

/// Runs the command.
pub fn run(args: &Scan, terminal: Terminal) -> Result<ExitCode, Failure> {
    let files = Files::from_disk(args.judge.manifest.as_deref())?;
    let inputs = files.check(&args.judge)?;
    // Whole seconds: the time is shown and compared, never measured with.
    let taken_at = Timestamp::now().round(Unit::Second).run()?;
    let snapshot_dir = match &args.snapshot {
        Some(directory) => directory.clone(),
        None => args.judge.out.join("snapshots").join(taken_at.strftime("%Y%m%dT%H%M%SZ").to_string()),
    };
    let request = ScanRequest {
        manifest: &inputs.manifest,
        plan: plan(&inputs),
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
    let inputs = Files::from_snapshot(&snapshot.inputs)?.check(&args.judge)?;
    let code = judge(&snapshot, &inputs, &args.judge, terminal)?;
    if !terminal.quiet {
        writeln!(std::io::stdout(), "{}", outcome.snapshot_dir.display())
            .context("cannot write to the terminal")
            .run()?;
    }
    // Whoever stopped the scan knows that it is incomplete; a gate must not take it for clean all the same.
    if outcome.interrupted && code == ExitCode::from(exit::CLEAN) {
        return Ok(ExitCode::from(exit::INCOMPLETE));
    }
    Ok(code)
}

/// The calls that the selected rules need.
fn plan(inputs: &Inputs) -> Plan {
    let mut plan = Plan::default();
    let by_tags = inputs.manifest.selects_by_tags() || inputs.waivers.select_by_tags();
    for rule in &inputs.rules.rules {
        for target in &rule.targets {
            plan.add_type(target.ty);
            for expression in target.expressions() {
                expression.resource_slots(|slot| plan.add_field(target.ty, target.ty.fields[slot].name));
            }
            // Whose resource it is decides its objectives.
            if by_tags && target.ty.field("tags").is_some() {
                plan.add_field(target.ty, "tags");
            }
        }
        plan.add_second_opinions(rule.maps.trusted_advisor.iter().cloned(), rule.maps.config.iter().cloned());
    }
    plan
}
