//! Partitions of a snapshot: what was read is written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sonae::snapshot::Partition;

fuzz_target!(|bytes: &[u8]| {
    let Ok(partition) = Partition::read(bytes) else { return };
    let mut first = Vec::new();
    partition.write(&mut first).expect("memory takes every byte");
    let again = Partition::read(first.as_slice()).expect("what was written can be read");
    let mut second = Vec::new();
    again.write(&mut second).expect("memory takes every byte");
    assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
});
