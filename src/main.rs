//! The `sonae` program: parses the command line and runs a command.

use std::process::ExitCode;

use clap::Parser;
use sonae::cli::{self, args::Cli};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // RUST_LOG=sonae=debug shows what is going on. The SDK stays quiet, since its spans can hold request details.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("sonae=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
    cli::run(&Cli::parse())
}
