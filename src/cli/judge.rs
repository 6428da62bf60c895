//! Everything after a snapshot: judge, assess, report, and the exit code.

use std::process::ExitCode;

use super::args::{Judge, Terminal};
use super::exit::{self, Blame, Failure};
use super::inputs::Inputs;
use super::sources;
use crate::assess::model::{Report, Status};
use crate::assess::{Inputs as AssessInputs, assess};
use crate::compare::{self, trend};
use crate::model::Language;
use crate::report::{self, text};
use crate::snapshot::Snapshot;

/// Judges a snapshot, writes the reports and says what came out.
pub fn judge(snapshot: Snapshot, inputs: &Inputs, args: &Judge, terminal: Terminal) -> Result<ExitCode, Failure> {
    if !terminal.quiet {
        super::warn(inputs.warnings(), terminal);
    }
    let language = args.lang.map_or(inputs.manifest.language, Language::from);
    let baseline = sources::baseline(args)?;
    let mut report = report_of(snapshot, inputs, language);
    if let Some(baseline) = &baseline {
        compare::mark(&mut report, baseline);
    }
    let written = report::write(&report, &args.format, &args.out).run()?;
    if !terminal.quiet {
        let color = super::color(terminal, &std::io::stdout());
        let summary = text::summary(&report, color, super::width());
        let files: String = written.iter().map(|path| format!("{}\n", path.display())).collect();
        super::print(&format!("{summary}\n{files}"))?;
    }
    Ok(ExitCode::from(code(&report, baseline.as_ref(), args)))
}

/// The report of a snapshot, as every command that judges makes it.
pub fn report_of(snapshot: Snapshot, inputs: &Inputs, language: Language) -> Report {
    let mut report = assess(
        snapshot,
        &AssessInputs {
            manifest: &inputs.manifest,
            rules: &inputs.rules,
            answers: &inputs.answers,
            waivers: &inputs.waivers,
            terraform: &inputs.terraform,
            language,
        },
    );
    trend::attach(&mut report, &inputs.history);
    report
}

fn code(report: &Report, baseline: Option<&Report>, args: &Judge) -> u8 {
    let fails = args.fail_on.severity().is_some_and(|severity| match baseline {
        Some(baseline) => compare::regressions(baseline, report, severity) > 0,
        None => report.findings.iter().any(|finding| finding.status == Status::Fail && finding.severity >= severity),
    });
    if fails {
        exit::FINDINGS
    } else if !report.summary.complete && !args.allow_unknown {
        exit::INCOMPLETE
    } else {
        exit::CLEAN
    }
}
