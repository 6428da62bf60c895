//! CloudFormation templates and event patterns.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sonae::collect::template::hard_coded;
use sonae::model::event_pattern::takes;

fuzz_target!(|text: &str| {
    drop(hard_coded(text));
    drop(takes(text));
});
