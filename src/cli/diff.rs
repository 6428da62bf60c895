//! `sonae diff`: what became of the findings between two reports.

use std::fmt::Write as _;
use std::process::ExitCode;

use super::args::{Diff, Terminal};
use super::exit::{self, Blame, Failure};
use super::sources;
use crate::compare::{compare, regressions};
use crate::model::Language;
use crate::report::diff::{self, Format};

/// Runs the command.
pub fn run(args: &Diff, terminal: Terminal) -> Result<ExitCode, Failure> {
    let wanted = args.lang.map(Language::from);
    let new = sources::report(&args.new, args.manifest.as_deref(), wanted)?;
    let language = wanted.unwrap_or(new.language);
    let old = sources::report(&args.old, args.manifest.as_deref(), Some(language))?;
    let mut comparison = compare(&old, &new);
    comparison.language = language;
    let written = diff::write(&comparison, &new, &args.format, &args.out).run()?;
    if !terminal.quiet {
        let mut text = String::new();
        if args.format.contains(&Format::Text) {
            text = diff::text::render(&comparison, super::color(terminal, &std::io::stdout()), super::width());
        }
        for path in written {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", path.display());
        }
        super::print(&text)?;
    }
    let fails = args.fail_on.severity().is_some_and(|severity| regressions(&old, &new, severity) > 0);
    Ok(ExitCode::from(if fails {
        exit::FINDINGS
    } else if !new.summary.complete && !args.allow_unknown {
        exit::INCOMPLETE
    } else {
        exit::CLEAN
    }))
}
