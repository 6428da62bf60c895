//! Exit codes. All others are reserved.

use std::process::ExitCode;

/// Nothing fails at or over `--fail-on`, and everything that had to be read was read.
pub const CLEAN: u8 = 0;
/// A finding fails at or over `--fail-on`. Wins over [`INCOMPLETE`].
pub const FINDINGS: u8 = 1;
/// The command line, the manifest, a rule, the answers or the waivers are wrong.
pub const CONFIGURATION: u8 = 2;
/// Something that had to be read could not be, and `--allow-unknown` was not given.
pub const INCOMPLETE: u8 = 3;
/// The run itself failed.
pub const FAILED: u8 = 4;

/// Why a command ended early.
#[derive(Debug)]
pub enum Failure {
    /// What the user wrote is wrong: exit code 2.
    Configuration(anyhow::Error),
    /// The run itself failed: exit code 4.
    Run(anyhow::Error),
}

impl Failure {
    /// The exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Failure::Configuration(_) => CONFIGURATION,
            Failure::Run(_) => FAILED,
        })
    }

    /// What is wrong.
    pub fn error(&self) -> &anyhow::Error {
        match self {
            Failure::Configuration(error) | Failure::Run(error) => error,
        }
    }
}

/// Marks what is wrong as the user's or the run's.
pub trait Blame<T> {
    /// What the user wrote is wrong.
    ///
    /// # Errors
    /// The error, as a [`Failure::Configuration`].
    fn configuration(self) -> Result<T, Failure>;
    /// The run itself failed.
    ///
    /// # Errors
    /// The error, as a [`Failure::Run`].
    fn run(self) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> Blame<T> for Result<T, E> {
    fn configuration(self) -> Result<T, Failure> {
        self.map_err(|error| Failure::Configuration(error.into()))
    }

    fn run(self) -> Result<T, Failure> {
        self.map_err(|error| Failure::Run(error.into()))
    }
}
