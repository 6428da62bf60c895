//! Names of files from names of resources, whatever those are.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

/// Windows takes these for devices, whatever comes after a dot.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];
/// Room for a directory, a suffix and an extension within the 255 bytes that file systems allow.
const LONGEST: usize = 80;

/// A name for every key, in lower case without anything that a file system may refuse, and none twice. A name that loses
/// something on the way, or that others would have too, ends in a digest of its key, so that it is the same in every run.
pub(super) fn unique<'k>(wanted: impl IntoIterator<Item = (&'k str, &'k str)>) -> BTreeMap<&'k str, String> {
    let named: Vec<(&str, &str, String)> = wanted.into_iter().map(|(key, name)| (key, name, simple(name))).collect();
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for (.., simple) in &named {
        *uses.entry(simple).or_default() += 1;
    }
    named
        .iter()
        .map(|(key, name, simple)| {
            let kept = simple == name && uses.get(simple.as_str()) == Some(&1);
            (*key, if kept { simple.clone() } else { format!("{simple}-{}", digest(key)) })
        })
        .collect()
}

fn simple(name: &str) -> String {
    let mut result = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_alphanumeric() || character == '_' || (character == '.' && !result.is_empty()) {
            result.push(character);
        } else if !result.is_empty() && !result.ends_with('-') {
            result.push('-');
        }
        if result.len() >= LONGEST {
            break;
        }
    }
    let result = result.trim_matches(['-', '.']).to_owned();
    let device = result.split('.').next().is_some_and(|stem| DEVICES.contains(&stem));
    match result.as_str() {
        "" => "resource".to_owned(),
        _ if device => format!("_{result}"),
        _ => result,
    }
}

fn digest(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_differ() {
        let wanted = ["auth", "Auth", "../../etc/passwd", "con", "備え", "", "a:b*c?", "a b c", "nul.txt", "x."];
        let names = unique(wanted.iter().map(|name| (*name, *name)));
        assert_eq!(names["auth"].len(), "auth-".len() + 8, "{names:?}");
        let mut seen: Vec<&String> = names.values().collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), wanted.len());
        for name in names.values() {
            assert!(
                name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || "-_.".contains(it)),
                "{name}"
            );
            assert!(!name.starts_with('.') && !name.ends_with('.') && !name.is_empty());
            assert!(!DEVICES.contains(&name.split('.').next().expect("a stem")), "{name}");
        }
        assert!(names["../../etc/passwd"].starts_with("etc-passwd-"));
    }

    #[test]
    fn a_plain_name_stays_and_a_long_one_ends() {
        let long = "x".repeat(300);
        let names = unique([("mks", "mks"), ("long", &long)]);
        assert_eq!(names["mks"], "mks");
        assert!(names["long"].len() < 100);
    }

    #[test]
    fn the_same_name_of_two_keys_is_two_files() {
        let names = unique([("111111111111/orders", "orders"), ("222222222222/orders", "orders")]);
        assert_ne!(names["111111111111/orders"], names["222222222222/orders"]);
    }
}
