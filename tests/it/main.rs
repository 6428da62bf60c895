//! The integration tests: one binary, which runs the program as users do and the library where that is not enough.

#![expect(clippy::expect_used, clippy::panic, reason = "tests may stop at the first surprise")]

mod access;
mod answers;
mod architecture;
mod browser;
mod cli;
mod common;
mod demo;
#[cfg(feature = "aws")]
mod denials;
mod diff;
mod docs;
mod documents;
mod durations;
mod errors;
mod expressions;
mod import;
#[cfg(feature = "aws")]
mod live;
mod manifest_mutation;
#[cfg(feature = "aws")]
mod moto;
mod pack;
mod recovery;
mod rules;
mod snapshots;
mod spreadsheet;
mod workbook;
