//! Audit packs: whatever the bytes, reading them neither stops nor follows a path that leads out.

#![no_main]

use std::io::Cursor;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use sonae::pack::Pack;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut pack) = Pack::new(Cursor::new(bytes), Path::new("pack.zip")) else { return };
    let _ = pack.check();
    for name in pack.below("") {
        let _ = pack.read(&name);
    }
});
