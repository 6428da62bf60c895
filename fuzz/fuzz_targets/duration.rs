//! Lengths of time, there and back again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sonae::model::Seconds;

fuzz_target!(|text: &str| {
    if let Ok(seconds) = Seconds::parse(text) {
        assert!(seconds.0 >= 0, "{text}");
        assert_eq!(Seconds::parse(&seconds.to_string()), Ok(seconds), "{seconds}");
        assert_eq!(Seconds::parse(&seconds.iso8601()), Ok(seconds), "{}", seconds.iso8601());
    }
});
