//! The index of a snapshot.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sonae::snapshot::Index;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(index) = Index::parse(bytes) {
        let written = serde_json::to_vec(&index).expect("an index is JSON");
        assert_eq!(Index::parse(&written), Ok(index));
    }
});
