//! Earlier reports: what is read is compared with itself and writes back.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use sonae::compare::{Class, compare, trend};
use sonae::report::{diff, json};

fuzz_target!(|bytes: &[u8]| {
    let Ok(report) = json::parse(bytes, Path::new("report.json")) else { return };
    let comparison = compare(&report, &report);
    assert!(comparison.findings.iter().all(|found| found.class == Class::Open));
    diff::text::render(&comparison, false, 80);
    diff::markdown::render(&comparison);
    trend::point(&report);
    json::render(&report).expect("JSON");
});
