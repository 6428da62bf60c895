//! Lengths of time, read and written.

use proptest::prelude::*;
use sonae::model::Seconds;

/// What jiff's spans hold, which is almost 20,000 years.
const LONGEST: i64 = 631_107_417_600;

proptest! {
    #[test]
    fn what_is_written_is_read_back(seconds in prop_oneof![0..LONGEST, 0..1_000_000_i64]) {
        let seconds = Seconds(seconds);
        prop_assert_eq!(Seconds::parse(&seconds.to_string()), Ok(seconds));
        prop_assert_eq!(Seconds::parse(&seconds.iso8601()), Ok(seconds));
    }

    #[test]
    fn any_length_can_be_written(seconds: i64) {
        prop_assert!(!Seconds(seconds).to_string().is_empty());
        prop_assert!(Seconds(seconds).iso8601().trim_start_matches('-').starts_with('P'));
    }

    #[test]
    fn no_text_stops_the_reader(text in ".*") {
        let _ = Seconds::parse(&text);
    }

    #[test]
    fn what_is_read_is_never_negative(text in "-?P?T?[0-9]{0,20}[smhdwyMHDWY]{0,2} ?-?[0-9]{0,20}[smhdwyMHDWY. ]{0,3}(ago)?") {
        if let Ok(seconds) = Seconds::parse(&text) {
            prop_assert!(seconds.0 >= 0, "{} -> {}", text, seconds);
        }
    }
}

#[test]
fn a_negative_length_is_written_as_iso_8601_has_it() {
    // Derived lengths, such as "how late", can be negative; what people declare cannot.
    for (seconds, text) in [(-3600, "-PT1H"), (-5400, "-PT1H30M"), (-172_800, "-P2D"), (-1, "-PT1S")] {
        assert_eq!(Seconds(seconds).iso8601(), text);
    }
}
