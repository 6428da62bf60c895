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
    fn units_add_up(weeks in 0..100_i64, days in 0..1000_i64, hours in 0..1000_i64, minutes in 0..1000_i64, seconds in 0..1000_i64) {
        let sum = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds;
        for text in [
            format!("{weeks}w {days}d {hours}h {minutes}m {seconds}s"),
            format!("P{weeks}W{days}DT{hours}H{minutes}M{seconds}S"),
            format!("  {sum}s  "),
        ] {
            prop_assert_eq!(Seconds::parse(&text), Ok(Seconds(sum)), "{}", text);
        }
    }

    #[test]
    fn what_depends_on_the_calendar_is_refused(number in 1..1000_i64, unit in "(y|mo|years|months)", rest in "( 5m)?") {
        for text in [format!("{number}{unit}{rest}"), format!("P{number}Y"), format!("P{number}M")] {
            prop_assert!(Seconds::parse(&text).is_err(), "{}", text);
        }
    }

    #[test]
    fn a_longer_time_is_written_and_read_as_a_longer_one(a in 0..LONGEST, b in 0..LONGEST) {
        let read = |seconds: i64| Seconds::parse(&Seconds(seconds).iso8601()).expect("a length of time");
        prop_assert_eq!(a.cmp(&b), read(a).cmp(&read(b)));
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
