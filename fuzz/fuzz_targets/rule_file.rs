//! Rule files: loaded, then judged by their own examples.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sonae::diagnostic::SourceFile;
use sonae::judge::examples::run_examples;
use sonae::rules::{Overrides, RuleSet};

fuzz_target!(|text: &str| {
    match RuleSet::parse(&[SourceFile::new("rule.yaml", text)], &Overrides::new()) {
        Ok(rules) => {
            for problem in run_examples(&rules).failed {
                problem.render(false);
            }
        }
        Err(problems) => {
            for problem in problems.0 {
                problem.render(false);
                problem.to_string();
            }
        }
    }
});
