//! Waivers, and what they cover.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sonae::assess::waivers::Waivers;
use sonae::diagnostic::SourceFile;
use sonae::model::types::s3::BUCKET;
use sonae::model::{Resource, Value};
use sonae::rules::{Overrides, RuleSet};
use sonae::slot;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(&[], &Overrides::new()).expect("our own rules"));

fuzz_target!(|text: &str| {
    let problems = match Waivers::parse(&SourceFile::new("waivers.yaml", text), &RULES) {
        Ok(waivers) => {
            let mut bucket = Resource::new(&BUCKET, "111111111111", "ap-northeast-1", "assets");
            bucket.set(slot!(BUCKET, "tags"), Value::map([("System", "mks")]));
            waivers.covering("s3-versioning-enabled", &bucket, "mks").count();
            for waiver in &waivers.waivers {
                waiver.scope.describe();
                waiver.term(jiff::Timestamp::UNIX_EPOCH);
            }
            waivers.warnings
        }
        Err(problems) => problems.0,
    };
    for problem in problems {
        problem.render(false);
        problem.to_string();
    }
});
