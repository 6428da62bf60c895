//! The audit pack: what it holds, and what becomes of it when somebody tampers with it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use proptest::prelude::*;
use sonae::model::Language;
use sonae::pack::{Listing, Pack, PackedFile, PackedSnapshot, Source, digest, sha256};
use zip::write::SimpleFileOptions;

use crate::common::{Place, files_below, sonae};
use crate::snapshots::{Scan, bucket};

const REPORT: &str = "reports/en/report.json";
const PARTITION: &str = "snapshot/partitions/111111111111/ap-northeast-1/s3.jsonl.zst";
const RULE: &str = "rules/s3/s3-versioning-enabled.yaml";

/// The files of an archive by name.
type Files = BTreeMap<String, Vec<u8>>;

/// A place with a pack of a small scan, and the pack's files.
fn packed() -> (Place, Files) {
    let place = Place::new();
    Scan::new().with(bucket("assets", "Suspended")).with(bucket("logs", "Enabled")).write(&place.path("scan"));
    place.sonae().args(["export", "scan", "--lang", "en", "--format", "json", "--out", "pack.zip"]).run().expect(0);
    let files = unpack(&place.read("pack.zip"));
    (place, files)
}

fn unpack(bytes: &[u8]) -> Files {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip archive");
    (0..archive.len())
        .map(|number| {
            let mut file = archive.by_index(number).expect("the file");
            let name = file.name().expect("UTF-8").into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("the bytes");
            (name, bytes)
        })
        .collect()
}

fn archive(files: &Files) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).expect("a file");
        archive.write_all(bytes).expect("the bytes");
    }
    archive.finish().expect("the archive").into_inner()
}

/// Makes the list fit the files, as somebody would who knows how.
fn forge(files: &mut Files, edit: impl FnOnce(&mut Listing)) {
    let mut listing: Listing = serde_json::from_slice(&files["pack.json"]).expect("the list");
    let packed = files.iter().filter(|(name, _)| *name != "pack.json");
    listing.files = packed
        .map(|(name, bytes)| PackedFile { path: name.clone(), size: bytes.len() as u64, sha256: sha256(bytes) })
        .collect();
    edit(&mut listing);
    listing.digest = digest(&listing.files);
    files.insert("pack.json".to_owned(), serde_json::to_vec(&listing).expect("JSON"));
}

/// Edits the list without making anything fit.
fn edit_list(files: &mut Files, edit: impl FnOnce(&mut Listing)) {
    let mut listing: Listing = serde_json::from_slice(&files["pack.json"]).expect("the list");
    edit(&mut listing);
    files.insert("pack.json".to_owned(), serde_json::to_vec(&listing).expect("JSON"));
}

/// What `verify` prints about a pack, in English.
fn verify(place: &Place, bytes: &[u8], code: i32) -> String {
    place.write("other.zip", bytes);
    let run = place.sonae().args(["verify", "other.zip", "--lang", "en"]).run().expect(code);
    if code == 2 { run.stderr } else { run.stdout }
}

#[test]
fn a_pack_of_the_demo_holds_everything_and_verifies() {
    let place = Place::new();
    place.sonae().args(["demo", "--snapshot", "try", "--lang", "ja", "--out", "demo"]).run().expect(1);
    let run = place.sonae().args(["export", "try", "--lang", "ja,en"]).run().expect(0);
    assert!(run.stdout.contains("sonae-pack-2026-10-01.zip\nSHA-256 "), "{}", run.stdout);
    let bytes = place.read("sonae-pack-2026-10-01.zip");
    let files = unpack(&bytes);
    for language in ["ja", "en"] {
        for report in ["checklist.xlsx", "report.html", "report.json"] {
            assert!(files.contains_key(&format!("reports/{language}/{report}")), "{language} {report}");
        }
    }
    for report in ["checklist.xlsx", "report.html", "report.json"] {
        assert!(files[&format!("reports/ja/{report}")] == place.read(&format!("demo/{report}")), "{report}");
    }
    for file in files_below(&place.path("try"), "") {
        let name = file.strip_prefix(place.path("try")).expect("below").to_string_lossy().into_owned();
        let edited_by_people = ["sonae.yaml", "answers.yaml", "waivers.yaml"].contains(&name.as_str());
        assert!(edited_by_people || files[&format!("snapshot/{name}")] == std::fs::read(&file).expect("it"), "{name}");
    }
    let listing: Listing = serde_json::from_slice(&files["pack.json"]).expect("the list");
    let report = place.json("demo/report.json");
    let (recovery, rules): (Vec<_>, Vec<_>) =
        listing.rules.iter().partition(|rule| rule.path.starts_with("rules/recovery/"));
    assert!(!recovery.is_empty());
    assert_eq!(rules.len(), report["rules"].as_object().expect("rules").len());
    assert_eq!(listing.snapshot.digest, report["snapshot"]["digest"].as_str().expect("a digest"));
    for rule in &listing.rules {
        assert_eq!(sha256(&files[&rule.path]), rule.sha256, "{}", rule.id);
    }
    let run = place.sonae().args(["verify", "sonae-pack-2026-10-01.zip"]).run().expect(0);
    assert!(run.stdout.contains("同梱のレポートと完全に一致しました"), "{}", run.stdout);
    assert!(run.stdout.contains(&sha256(&bytes)), "{}", run.stdout);
    place.sonae().args(["export", "try", "--lang", "en,ja", "--out", "again/pack.zip"]).run().expect(0);
    assert!(place.read("again/pack.zip") == bytes, "the same inputs give the same bytes");
    assert_eq!(place.names("again"), ["pack.zip"], "no temporary file stays");
}

#[test]
fn the_demo_on_disk_is_the_demo() {
    let place = Place::new();
    place.sonae().args(["demo", "--snapshot", "try", "--format", "json", "--out", "a", "-q"]).run().expect(1);
    place.sonae().args(["demo", "--format", "json", "--out", "b", "-q"]).run().expect(1);
    place
        .sonae()
        .args(["assess", "try", "--manifest", "try/sonae.yaml", "--format", "json", "--out", "c", "-q"])
        .run()
        .expect(1);
    let findings = |directory: &str| place.json(&format!("{directory}/report.json"))["findings"].clone();
    assert_eq!(findings("a"), findings("b"));
    assert_eq!(findings("a"), findings("c"));
    let run = place.sonae().args(["demo", "--snapshot", "try", "--out", "d"]).run().expect(2);
    assert!(run.stderr.contains("exists already"), "{}", run.stderr);
    assert!(!place.path("d").exists());
}

#[test]
fn the_inputs_that_judged_are_packed_and_not_those_of_the_scan() {
    let place = Place::new();
    Scan::new().with(bucket("assets", "Suspended")).write(&place.path("scan"));
    place.write("own/own.yaml", crate::common::RULE);
    place.write("waivers.yaml", "waivers: []\n");
    place.write(
        "sonae.yaml",
        format!("{}waivers: waivers.yaml\nrules: {{ dirs: [own] }}\n", Scan::MANIFEST.replace("Example", "Another")),
    );
    let args = ["export", "scan", "--manifest", "sonae.yaml", "--format", "json", "--out", "pack.zip"];
    place.sonae().args(args).run().expect(0);
    let files = unpack(&place.read("pack.zip"));
    assert_eq!(files["inputs/sonae.yaml"], place.read("sonae.yaml"));
    assert_eq!(files["inputs/waivers.yaml"], b"waivers: []\n");
    assert_eq!(files["inputs/rule.0000.own.yaml"], crate::common::RULE.as_bytes());
    assert_eq!(files["snapshot/inputs/sonae.yaml"], Scan::MANIFEST.as_bytes());
    let listing: Listing = serde_json::from_slice(&files["pack.json"]).expect("the list");
    assert_eq!(listing.organization, "Another");
    let own = listing.rules.iter().find(|rule| rule.id == "own-rule").expect("the own rule");
    assert_eq!(own.path, "inputs/rule.0000.own.yaml");
    place.sonae().args(["verify", "pack.zip"]).run().expect(0);
}

#[test]
fn a_changed_byte_is_named() {
    let (place, mut files) = packed();
    let bytes = files.get_mut("inputs/sonae.yaml").expect("the manifest");
    bytes[30] ^= 1;
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains("inputs/sonae.yaml: changed (SHA-256 stated"), "{said}");
    // And one in the middle of the archive itself, where the bytes of some file are.
    let mut bytes = place.read("pack.zip");
    let middle = bytes.windows(PARTITION.len()).position(|name| name == PARTITION.as_bytes()).expect("the partition");
    bytes[middle + PARTITION.len() + 40] ^= 1;
    let said = verify(&place, &bytes, 1);
    assert!(said.contains(&format!("{PARTITION}: ")), "{said}");
}

#[test]
fn a_removed_file_is_named() {
    let (place, mut files) = packed();
    files.remove(RULE).expect("the rule");
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains(&format!("{RULE}: missing")), "{said}");
}

#[test]
fn an_added_file_is_named() {
    let (place, mut files) = packed();
    files.insert("reports/en/remarks.txt".to_owned(), b"all is well".to_vec());
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains("reports/en/remarks.txt: not in the list"), "{said}");
    // In the list too: no snapshot gives such a report.
    forge(&mut files, |_| {});
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains("reports/en/remarks.txt: not the report"), "{said}");
}

#[test]
fn a_renamed_file_is_named_twice() {
    let (place, mut files) = packed();
    let bytes = files.remove(REPORT).expect("the report");
    files.insert("reports/en/report-old.json".to_owned(), bytes);
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains(&format!("{REPORT}: missing")), "{said}");
    assert!(said.contains("reports/en/report-old.json: not in the list"), "{said}");
}

#[test]
fn an_edited_list_is_named() {
    let (place, mut files) = packed();
    files.insert("inputs/sonae.yaml".to_owned(), b"organization: Other\n".to_vec());
    edit_list(&mut files, |listing| {
        let file = listing.files.iter_mut().find(|file| file.path == "inputs/sonae.yaml").expect("the manifest");
        (file.size, file.sha256) = (20, sha256(b"organization: Other\n"));
    });
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains("pack.json: the list of files was edited"), "{said}");
    assert!(!said.contains("inputs/sonae.yaml"), "that file is as the list says: {said}");
}

#[test]
fn what_is_cut_off_is_no_pack() {
    let (place, _) = packed();
    let bytes = place.read("pack.zip");
    for length in [bytes.len() - 10, bytes.len() / 2, 10, 0] {
        let said = verify(&place, &bytes[..length], 2);
        assert!(said.contains("other.zip is no pack") && said.contains("cut off"), "{length}: {said}");
    }
}

#[test]
fn a_path_that_leads_out_is_named_and_not_followed() {
    for name in ["../../evil.txt", "/tmp/evil.txt", "snapshot/../../evil.txt", "a\\..\\..\\evil.txt", "C:/evil.txt"] {
        let (place, mut files) = packed();
        files.insert(name.to_owned(), b"evil".to_vec());
        for listed in [false, true] {
            if listed {
                forge(&mut files, |_| {});
            }
            let said = verify(&place, &archive(&files), 1);
            assert!(said.contains("the path leads out of the directory"), "{name}: {said}");
        }
        assert!(!Path::new("/tmp/evil.txt").exists() && !place.root().join("../evil.txt").exists());
    }
}

#[test]
fn an_edited_report_is_named_however_well_it_is_forged() {
    let (place, mut files) = packed();
    let text = String::from_utf8(files[REPORT].clone()).expect("UTF-8");
    assert!(text.contains("\"status\": \"fail\""));
    files.insert(REPORT.to_owned(), text.replacen("\"status\": \"fail\"", "\"status\": \"pass\"", 1).into_bytes());
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains(&format!("{REPORT}: changed")), "{said}");
    forge(&mut files, |_| {});
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains(&format!("{REPORT}: not the report that the packed snapshot and inputs give")), "{said}");
}

#[test]
fn an_edited_partition_is_named_however_well_it_is_forged() {
    let (place, mut files) = packed();
    let before = sha256(&files[PARTITION]);
    let text = zstd::decode_all(files[PARTITION].as_slice()).expect("zstd");
    let text = String::from_utf8(text).expect("UTF-8").replace("Suspended", "Enabled");
    files.insert(PARTITION.to_owned(), zstd::encode_all(text.as_bytes(), 3).expect("zstd"));
    forge(&mut files, |_| {});
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains("The snapshot does not hold together") && said.contains(PARTITION), "{said}");
    // With its digest in the snapshot's own index too, it is another snapshot than the one of the reports.
    let index = String::from_utf8(files["snapshot/snapshot.json"].clone()).expect("UTF-8");
    let mut index: serde_json::Value = serde_json::from_str(&index).expect("JSON");
    let partitions = index["partitions"].as_array_mut().expect("partitions");
    let edited = partitions.iter_mut().find(|partition| partition["sha256"] == *before).expect("the partition");
    edited["sha256"] = sha256(&files[PARTITION]).into();
    files.insert("snapshot/snapshot.json".to_owned(), serde_json::to_vec(&index).expect("JSON"));
    forge(&mut files, |_| {});
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains("This is not the snapshot that pack.json names"), "{said}");
}

#[test]
fn another_schema_is_refused_by_name() {
    let (place, mut files) = packed();
    let list = String::from_utf8(files["pack.json"].clone()).expect("UTF-8");
    files.insert("pack.json".to_owned(), list.replace("sonae.pack/1", "sonae.pack/99").into_bytes());
    let said = verify(&place, &archive(&files), 2);
    assert!(said.contains("the schema is `sonae.pack/99`") && said.contains("`sonae.pack/1`"), "{said}");
    files.insert("pack.json".to_owned(), b"{\"schema\": \"sonae.pack/1\"".to_vec());
    assert!(verify(&place, &archive(&files), 2).contains("pack.json"));
    files.remove("pack.json");
    assert!(verify(&place, &archive(&files), 2).contains("it has no pack.json"));
}

#[test]
fn a_name_that_is_there_twice_is_named() {
    let (place, mut files) = packed();
    let decoy = "inputs/sonae.yamm";
    files.insert(decoy.to_owned(), b"organization: Decoy\n".to_vec());
    let mut bytes = archive(&files);
    while let Some(at) = bytes.windows(decoy.len()).position(|name| name == decoy.as_bytes()) {
        bytes[at + decoy.len() - 1] = b'l';
    }
    let said = verify(&place, &bytes, 1);
    assert!(said.contains("inputs/sonae.yaml: there is more than one of this name"), "{said}");
}

#[test]
fn no_more_is_unpacked_than_is_stated() {
    let (place, mut files) = packed();
    // Thirty megabytes of nothing, in thirty kilobytes.
    files.insert(REPORT.to_owned(), vec![b' '; 30 << 20]);
    let bytes = archive(&files);
    assert!(bytes.len() < 2 << 20);
    let said = verify(&place, &bytes, 1);
    assert!(said.contains(&format!("{REPORT}: larger than the")), "{said}");
    files.insert(REPORT.to_owned(), b"{}".to_vec());
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains(&format!("{REPORT}: another size (stated")), "{said}");
}

#[test]
fn an_edited_rule_is_named_however_well_it_is_forged() {
    let (place, mut files) = packed();
    let text = String::from_utf8(files[RULE].clone()).expect("UTF-8");
    files.insert(RULE.to_owned(), text.replace("severity: high", "severity: low").into_bytes());
    assert_ne!(files[RULE], text.as_bytes());
    forge(&mut files, |_| {});
    let said = verify(&place, &archive(&files), 1);
    assert!(said.contains(&format!("{RULE}: not a rule of this version")), "{said}");
}

#[test]
fn data_outside_of_all_files_are_named() {
    let (place, _) = packed();
    let mut bytes = b"#!/bin/sh\n".to_vec();
    bytes.extend(place.read("pack.zip"));
    let said = verify(&place, &bytes, 1);
    assert!(said.contains("belong to no file"), "{said}");
}

#[test]
fn a_pack_of_another_version_is_checked_but_not_judged_again() {
    let (place, mut files) = packed();
    forge(&mut files, |listing| "0.0.1".clone_into(&mut listing.sonae));
    let said = verify(&place, &archive(&files), 0);
    assert!(said.contains("The reports were not compared: the pack is by version 0.0.1"), "{said}");
}

#[test]
fn what_is_no_pack_is_two() {
    let place = Place::new();
    place.write("report.json", "{}");
    std::fs::create_dir(place.path("directory")).expect("a directory");
    for wrong in ["report.json", "directory", "missing.zip"] {
        let run = place.sonae().args(["verify", wrong]).run().expect(2);
        assert!(run.stderr.contains(wrong) && run.stdout.is_empty(), "{wrong}: {}", run.stderr);
    }
}

#[test]
fn verify_leaves_nothing_behind() {
    let (place, _) = packed();
    std::fs::create_dir(place.path("tmp")).expect("a directory");
    let before = place.names(".");
    let run = place.sonae().args(["verify", "pack.zip"]).env("TMPDIR", place.path("tmp")).run().expect(0);
    assert!(!run.stdout.is_empty());
    assert_eq!(place.names("."), before);
    assert!(place.names("tmp").is_empty());
}

#[test]
fn an_export_that_cannot_be_written_leaves_the_old_one() {
    let place = Place::new();
    let run = place.sonae().args(["export", "nowhere"]).run().expect(2);
    assert!(run.stderr.contains("nowhere is not a snapshot"), "{}", run.stderr);
    let (place, _) = packed();
    let before = place.read("pack.zip");
    place.write("broken.yaml", "verson: 1\n");
    place.sonae().args(["export", "scan", "--manifest", "broken.yaml", "--out", "pack.zip"]).run().expect(2);
    assert!(place.read("pack.zip") == before);
    assert_eq!(place.names("."), ["broken.yaml", "pack.zip", "scan"]);
    sonae().args(["export", "--help"]).run().expect(0);
}

/// A pack of a few small files, without a snapshot in it.
fn small(files: &[(&str, &[u8])]) -> Vec<u8> {
    let place = Place::new();
    let listing = Listing {
        schema: sonae::pack::SCHEMA.to_owned(),
        sonae: "1.0.0".to_owned(),
        organization: "備え".to_owned(),
        snapshot: PackedSnapshot {
            taken_at: "2026-10-01T00:00:00Z".parse().expect("a time"),
            digest: sha256(b"a snapshot"),
        },
        languages: vec![Language::Ja],
        rules: Vec::new(),
        files: Vec::new(),
        digest: String::new(),
    };
    let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), Source::Bytes(bytes.to_vec()))).collect();
    let path = place.path("small.zip");
    let told = sonae::pack::write(&path, listing, &files).expect("the pack");
    let bytes = place.read("small.zip");
    assert_eq!(told, sha256(&bytes));
    bytes
}

const SMALL: [(&str, &[u8]); 3] =
    [("a.txt", b"one"), ("b/c.json", b"{\"two\": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}"), ("b/d.zst", b"")];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever is changed: either it is told, or what the files hold is what it was.
    #[test]
    fn no_change_goes_unseen(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
        cut in proptest::option::of(any::<proptest::sample::Index>()),
    ) {
        let mut bytes = small(&SMALL);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let Ok(mut pack) = Pack::new(Cursor::new(&bytes), Path::new("pack.zip")) else { return Ok(()) };
        if pack.check().is_ok_and(|problems| problems.is_empty()) {
            prop_assert_eq!(pack.below("").len(), SMALL.len());
            for (name, bytes) in SMALL {
                prop_assert_eq!(pack.read(name).expect("the file"), bytes);
            }
        }
    }

    #[test]
    fn no_bytes_stop_the_reader(bytes: Vec<u8>) {
        let _ = Pack::new(Cursor::new(&bytes), Path::new("pack.zip")).map(|mut pack| pack.check());
    }
}
