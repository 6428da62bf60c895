//! Answers, checked against our own rules.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sonae::assess::answers::Answers;
use sonae::assess::evidence::EvidenceFiles;
use sonae::diagnostic::SourceFile;
use sonae::manifest::Manifest;
use sonae::rules::{Overrides, RuleSet};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(&[], &Overrides::new()).expect("our own rules"));
static MANIFEST: LazyLock<Manifest> = LazyLock::new(Manifest::without_file);

fuzz_target!(|text: &str| {
    let problems = match Answers::parse(&SourceFile::new("answers.yaml", text), EvidenceFiles::default(), &RULES, &MANIFEST) {
        Ok(answers) => answers.warnings,
        Err(problems) => problems.0,
    };
    for problem in problems {
        problem.render(false);
        problem.to_string();
    }
});
