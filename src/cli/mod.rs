//! The command line: one file for each command.

pub mod args;
mod assess;
pub mod demo;
mod diff;
pub mod docs;
pub mod exit;
mod export;
mod iam_policy;
mod import;
mod init;
mod inputs;
mod judge;
mod rules;
#[cfg(feature = "aws")]
mod scan;
mod schedule;
mod sources;
mod verify;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context;
use args::{Cli, Command, Terminal};
use exit::{Blame, Failure};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::manifest::ManifestError;

/// Runs a command and says what went wrong, if anything did.
pub fn run(cli: &Cli) -> ExitCode {
    let terminal = cli.terminal;
    let outcome = match &cli.command {
        Command::Demo(args) => demo::run(args, terminal),
        #[cfg(feature = "aws")]
        Command::Scan(args) => scan::run(args, terminal),
        #[cfg(not(feature = "aws"))]
        Command::Scan(_) => Err(Failure::Configuration(anyhow::anyhow!(
            "this sonae was built without AWS support; build it with the default features to scan"
        ))),
        Command::Assess(args) => assess::run(args, terminal),
        Command::Schedule(args) => schedule::run(args, terminal),
        Command::Diff(args) => diff::run(args, terminal),
        Command::Export(args) => export::run(args, terminal),
        Command::Verify(args) => verify::run(args, terminal),
        Command::Rules(command) => rules::run(command, terminal),
        Command::IamPolicy(args) => iam_policy::run(args, terminal),
        Command::Import(args) => import::run(args, terminal),
        Command::Init(args) => init::run(args, terminal),
    };
    outcome.unwrap_or_else(|failure| {
        report(&failure, terminal);
        failure.code()
    })
}

/// Prints to the terminal, or to whoever reads instead. One who has seen enough is no failure.
fn print(text: &str) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to the terminal").run(),
    }
}

/// Says what is not as it should be, though the command goes on.
fn complain(text: &str) {
    // Nothing can be done when not even the error stream takes it.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Renders what is odd about the files but does not stop the run.
fn warn<'a>(warnings: impl Iterator<Item = &'a Diagnostic>, terminal: Terminal) {
    let mut out = std::io::stderr().lock();
    let color = color(terminal, &out);
    for warning in warnings {
        // Nothing can be done when not even the error stream takes the warning.
        let _ = writeln!(out, "{}\n", warning.render(color));
    }
}

/// Renders a failure: problems in files with the line that they are about, everything else with its causes.
fn report(failure: &Failure, terminal: Terminal) {
    let mut out = std::io::stderr().lock();
    let color = color(terminal, &out);
    let error = failure.error();
    let problems = error.downcast_ref::<Diagnostics>().or_else(|| match error.downcast_ref::<ManifestError>() {
        Some(ManifestError::Invalid(problems)) => Some(problems),
        _ => None,
    });
    // Nothing can be done when not even the error stream takes the error.
    let _ = match problems {
        Some(Diagnostics(problems)) => {
            let rendered: Vec<String> = problems.iter().map(|problem| problem.render(color)).collect();
            writeln!(out, "{}", rendered.join("\n\n"))
        }
        None => {
            let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
            writeln!(out, "error: {}", causes.join(": "))
        }
    };
}

/// Whether to use colours.
fn color(terminal: Terminal, out: &impl IsTerminal) -> bool {
    !terminal.no_color && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && out.is_terminal()
}

/// How many columns the terminal has.
fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100)
}
