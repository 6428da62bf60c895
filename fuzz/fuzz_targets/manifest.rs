//! Manifests.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sonae::diagnostic::SourceFile;
use sonae::manifest::Manifest;

fuzz_target!(|text: &str| {
    let problems = match Manifest::parse(&SourceFile::new("sonae.yaml", text)) {
        Ok(manifest) => manifest.warnings,
        Err(problems) => problems.0,
    };
    for problem in problems {
        problem.render(false);
        problem.to_string();
    }
});
