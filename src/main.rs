//! The `sonae` program: parses the command line and runs a command.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use sonae::cli::{self, args::Cli};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let color = !cli.terminal.no_color && std::env::var_os("NO_COLOR").is_none() && std::io::stderr().is_terminal();
    // RUST_LOG=sonae=debug shows what is going on.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("sonae=warn"));
    // The SDK stays quiet whatever is asked for, since it writes access key ids.
    let filter = sonae::collect::LOG_DIRECTIVES
        .iter()
        .filter_map(|quiet| quiet.parse().ok())
        .fold(filter, EnvFilter::add_directive);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(color)
        .without_time()
        .init();
    cli::run(&cli)
}
