//! `sonae init`: a commented starter manifest.

use std::fs::OpenOptions;
use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use super::args::{Init, Terminal};
use super::exit::{self, Blame, Failure};

/// The manifest that `init` writes. A test reads it.
pub static STARTER: &str = include_str!("../../report-templates/sonae.yaml");

/// Runs the command. An existing file is never overwritten.
pub fn run(args: &Init, terminal: Terminal) -> Result<ExitCode, Failure> {
    let path = args.file.display();
    let mut file = match OpenOptions::new().write(true).create_new(true).open(&args.file) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let error = anyhow!("{path} exists already; name another file, or move it away");
            return Err(Failure::Configuration(error));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot write {path}")).run(),
    };
    file.write_all(STARTER.as_bytes()).with_context(|| format!("cannot write {path}")).run()?;
    if !terminal.quiet {
        super::print(&format!("{path}\n"))?;
    }
    Ok(ExitCode::from(exit::CLEAN))
}
