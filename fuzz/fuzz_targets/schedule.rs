//! Schedules of backup plans, with an optional time zone on a line of its own.

#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use sonae::model::schedule::longest_interval;

fuzz_target!(|text: &str| {
    let (schedule, timezone) = match text.split_once('\n') {
        Some((schedule, timezone)) => (schedule, Some(timezone)),
        None => (text, None),
    };
    if let Ok(seconds) = longest_interval(schedule, timezone, Timestamp::constant(1_768_435_200, 0)) {
        assert!(seconds.0 > 0, "{text}");
    }
});
