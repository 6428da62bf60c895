//! Terraform states.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use sonae::manifest::terraform::States;

fuzz_target!(|state: &[u8]| {
    let mut states = States::default();
    match states.add(Path::new("terraform.tfstate"), state) {
        Ok(()) => assert_eq!(States::kept(&states.keep()).expect("what was kept"), states),
        Err(error) => drop(error.to_string()),
    }
});
