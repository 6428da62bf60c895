//! Workbooks, taken back into the demo's answers and waivers. Any checklist.xlsx is a seed.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sonae::diagnostic::SourceFile;
use sonae::import::Import;
use sonae::manifest::Manifest;
use sonae::model::Language;
use sonae::rules::{Overrides, RuleSet};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(&[], &Overrides::new()).expect("our own rules"));
static FILES: LazyLock<[SourceFile; 3]> = LazyLock::new(|| {
    [
        SourceFile::new("sonae.yaml", include_str!("../../fixtures/demo/sonae.yaml")),
        SourceFile::new("answers.yaml", include_str!("../../fixtures/demo/answers.yaml")),
        SourceFile::new("waivers.yaml", include_str!("../../fixtures/demo/waivers.yaml")),
    ]
});
static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| Manifest::parse(&FILES[0]).expect("the demo's manifest"));

fuzz_target!(|bytes: &[u8]| {
    let import = Import {
        name: "checklist.xlsx",
        workbook: bytes,
        rules: &RULES,
        manifest: &MANIFEST,
        answers: &FILES[1],
        waivers: &FILES[2],
        answered_by: None,
        answered_on: None,
        language: Language::En,
    };
    if let Ok(outcome) = import.run() {
        outcome.summary(true);
        outcome.problems();
    }
});
