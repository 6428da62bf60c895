//! The command line: help, exit codes, selections and formats.

use std::fs;

use crate::common::{Place, sonae};
use crate::snapshots::{Scan, bucket};

/// A rule that only looks at buckets' versioning: a scan decides what becomes of it.
const VERSIONING: [&str; 2] = ["--rule", "s3-versioning-enabled"];

#[test]
fn every_command_explains_itself() {
    let commands: [&[&str]; 16] = [
        &[],
        &["demo"],
        &["scan"],
        &["assess"],
        &["diff"],
        &["export"],
        &["verify"],
        &["rules"],
        &["rules", "list"],
        &["rules", "show"],
        &["rules", "test"],
        &["rules", "docs"],
        &["rules", "schema"],
        &["iam-policy"],
        &["import"],
        &["init"],
    ];
    for command in commands {
        let run = sonae().args(command).args(["--help"]).run().expect(0);
        assert!(run.stdout.contains("Usage: sonae"), "{command:?}: {}", run.stdout);
        assert!(run.stderr.is_empty(), "{command:?}: {}", run.stderr);
        for line in run.stdout.lines().filter(|line| line.starts_with("  ") && line.trim_start().starts_with("--")) {
            assert!(line.chars().count() <= 100, "{command:?}: too wide: {line}");
        }
    }
}

#[test]
fn the_help_of_the_program_names_every_command() {
    let help = sonae().args(["--help"]).run().expect(0).stdout;
    for command in ["demo", "scan", "assess", "diff", "export", "verify", "rules", "iam-policy", "import", "init"] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
    }
    let version = sonae().args(["--version"]).run().expect(0).stdout;
    assert_eq!(version, format!("sonae {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_flags_of_the_contract_are_there() {
    let help = sonae().args(["assess", "--help"]).run().expect(0).stdout;
    for flag in [
        "--manifest",
        "--lang",
        "--format",
        "--out",
        "--rule",
        "--service",
        "--severity",
        "--framework",
        "--fail-on",
        "--allow-unknown",
        "--baseline",
        "--quiet",
        "--no-color",
    ] {
        assert!(help.contains(flag), "{flag}: {help}");
    }
    let scan = sonae().args(["scan", "--help"]).run().expect(0).stdout;
    assert!(scan.contains("--endpoint-url"), "{scan}");
}

#[test]
fn usage_errors_are_configuration_errors() {
    for wrong in [
        &["reprot"][..],
        &["demo", "--langage", "ja"],
        &["demo", "--lang", "fr"],
        &["demo", "--fail-on", "bad"],
        &["demo", "--severity", "worst"],
        &["demo", "--format", "pdf"],
        &["demo", "--format", "json,pdf"],
        &["assess"],
        &["rules"],
        &[],
    ] {
        let run = sonae().args(wrong).run().expect(2);
        assert!(run.stdout.is_empty(), "{wrong:?}: {}", run.stdout);
        assert!(!run.stderr.is_empty(), "{wrong:?}");
        assert!(!run.place.path("sonae-report").exists(), "{wrong:?} writes nothing");
    }
}

#[test]
fn an_unknown_format_names_those_that_there_are() {
    let run = sonae().args(["demo", "--format", "pdf"]).run().expect(2);
    assert!(run.stderr.contains("pdf") && run.stderr.contains("xlsx, html, json"), "{}", run.stderr);
}

#[test]
fn clean_is_zero() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Enabled")).write(&place.path("scan"));
    let run = place.sonae().args(["assess", "scan"]).args(VERSIONING).run().expect(0);
    assert_eq!(run.report()["summary"]["complete"], true);
}

#[test]
fn a_failing_finding_is_one() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Suspended")).write(&place.path("scan"));
    place.sonae().args(["assess", "scan"]).args(VERSIONING).run().expect(1);
}

#[test]
fn configuration_errors_are_two() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Enabled")).write(&place.path("scan"));
    place.write("broken.yaml", "verson: 1\n");
    place.write("answers.yaml", "answers: [{ rule: obj-slo-declared, due: soon }]\n");
    place.write("answered.yaml", "answers: answers.yaml\n");
    place.write("waivers.yaml", "waivers: [{ rule: obj-slo-declared }]\n");
    place.write("waived.yaml", "waivers: waivers.yaml\n");
    place.write("own/own-rule.yaml", "id: own-rule\n");
    place.write("ruled.yaml", "rules: { dirs: [own] }\n");
    for manifest in ["broken.yaml", "answered.yaml", "waived.yaml", "ruled.yaml", "missing.yaml"] {
        let run = place.sonae().args(["assess", "scan", "--manifest", manifest]).run().expect(2);
        assert!(!run.stderr.is_empty(), "{manifest}");
    }
    assert!(!place.path("sonae-report").exists(), "no report of a run that cannot be judged");
}

#[test]
fn a_scan_without_everything_is_three() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Enabled")).denied("s3:GetBucketVersioning").write(&place.path("denied"));
    Scan::new().with(bucket("a", "Enabled")).without("s3").write(&place.path("missing"));
    for scan in ["denied", "missing"] {
        place.sonae().args(["assess", scan]).args(VERSIONING).run().expect(3);
        place.sonae().args(["assess", scan, "--allow-unknown"]).args(VERSIONING).run().expect(0);
    }
}

#[test]
fn a_failure_wins_over_an_incomplete_scan() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Suspended")).denied("s3:GetBucketTagging").write(&place.path("scan"));
    place.sonae().args(["assess", "scan"]).args(VERSIONING).run().expect(1);
    place.sonae().args(["assess", "scan", "--fail-on", "never"]).args(VERSIONING).run().expect(3);
    place.sonae().args(["assess", "scan", "--fail-on", "never", "--allow-unknown"]).args(VERSIONING).run().expect(0);
}

#[test]
fn what_the_disk_refuses_is_four() {
    let place = Place::new();
    place.write("file", "");
    let run = place.sonae().args(["demo", "--out", "file/reports"]).run().expect(4);
    assert!(run.stderr.contains("file/reports"), "{}", run.stderr);
}

#[test]
fn a_place_without_a_snapshot_is_two() {
    let place = Place::new();
    let run = place.sonae().args(["assess", "nowhere"]).run().expect(2);
    assert!(run.stderr.contains("nowhere is not a snapshot"), "{}", run.stderr);
}

#[test]
fn fail_on_decides_from_which_severity_on_a_failure_counts() {
    let place = Place::new();
    // The rule is high for a critical workload, and the scan's workload is critical.
    Scan::new().with(bucket("a", "Suspended")).write(&place.path("scan"));
    for (level, code) in [("critical", 0), ("high", 1), ("medium", 1), ("low", 1), ("never", 0)] {
        place.sonae().args(["assess", "scan", "--fail-on", level]).args(VERSIONING).run().expect(code);
    }
}

#[test]
fn a_workload_that_is_not_critical_lowers_the_severity_and_the_exit_code_follows() {
    let place = Place::new();
    let manifest = Scan::MANIFEST.replace("tier: critical", "tier: important");
    Scan::new().with(bucket("a", "Suspended")).manifest(&manifest).write(&place.path("scan"));
    place.sonae().args(["assess", "scan"]).args(VERSIONING).run().expect(0);
    place.sonae().args(["assess", "scan", "--fail-on", "medium"]).args(VERSIONING).run().expect(1);
}

/// The ids of the rules that a demo run judged.
fn judged(args: &[&str]) -> Vec<String> {
    let run =
        sonae().args(["demo", "--format", "json", "--fail-on", "never", "--allow-unknown"]).args(args).run().expect(0);
    run.report()["rules"].as_object().expect("rules").keys().cloned().collect()
}

#[test]
fn selections_narrow_what_is_judged() {
    let all = judged(&[]);
    assert_eq!(judged(&["--rule", "s3-versioning-enabled"]), ["s3-versioning-enabled"]);
    assert_eq!(judged(&["--rule", "s3-versioning-enabled,rds-multi-az"]).len(), 2);
    assert_eq!(judged(&["--rule", "s3-versioning-enabled", "--rule", "rds-multi-az"]).len(), 2);
    let s3 = judged(&["--service", "s3"]);
    assert!(s3.contains(&"s3-versioning-enabled".to_owned()) && !s3.contains(&"rds-multi-az".to_owned()), "{s3:?}");
    let two = judged(&["--service", "s3,rds"]);
    assert!(two.len() > s3.len() && two.len() < all.len(), "{two:?}");
    let critical = judged(&["--severity", "critical"]);
    let high = judged(&["--severity", "high"]);
    assert!(critical.len() < high.len() && high.len() < all.len(), "{critical:?} {high:?}");
    assert!(critical.iter().all(|id| high.contains(id)));
    assert_eq!(judged(&["--severity", "info"]), all);
}

#[test]
fn a_misspelt_name_is_an_error_with_a_suggestion() {
    let run = sonae().args(["demo", "--rule", "s3-versoning-enabled"]).run().expect(2);
    assert!(run.stderr.contains("did you mean `s3-versioning-enabled`?"), "{}", run.stderr);
    let run = sonae().args(["demo", "--rule", "nothing-like-it-at-all"]).run().expect(2);
    assert!(run.stderr.contains("sonae rules list"), "{}", run.stderr);
    // A gate that silently leaves out what it was told to watch is worse than none.
    for command in [&["demo", "--service", "s3,rdss"][..], &["rules", "list", "--service", "rdss"]] {
        let run = sonae().args(command).run().expect(2);
        assert!(run.stderr.contains("there is no service `rdss`") && run.stderr.contains("`rds`"), "{}", run.stderr);
    }
}

#[test]
fn a_selection_that_leaves_no_rule_is_an_error() {
    let run = sonae().args(["demo", "--rule", "s3-mfa-delete-shown", "--severity", "critical"]).run().expect(2);
    assert!(run.stderr.contains("no rule is selected"), "{}", run.stderr);
}

#[test]
fn quiet_prints_nothing() {
    for command in [&["demo", "--fail-on", "never", "--allow-unknown"][..], &["init"], &["rules", "test"]] {
        let run = sonae().args(command).args(["--quiet"]).run().expect(0);
        assert!(run.stdout.is_empty() && run.stderr.is_empty(), "{command:?}: {}{}", run.stdout, run.stderr);
    }
    let run = sonae().args(["-q", "demo", "--rule", "nothing"]).run().expect(2);
    assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "errors are printed all the same");
}

#[test]
fn what_is_not_a_terminal_gets_no_colours() {
    for run in [
        sonae().args(["demo"]).run(),
        sonae().args(["demo", "--no-color"]).run(),
        sonae().args(["demo"]).env("NO_COLOR", "1").run(),
        sonae().args(["demo", "--manifest", "missing.yaml"]).run(),
    ] {
        assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{}{}", run.stdout, run.stderr);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colours_unless_it_was_told_otherwise() {
    let seen = |args: &str, no_color: bool| {
        let place = Place::new();
        place.write("broken.yaml", "verson: 1\n");
        let program = assert_cmd::cargo::cargo_bin!("sonae").display().to_string();
        let mut script = std::process::Command::new("script");
        script
            .args(["-qec", &format!("{program} {args}"), "/dev/null"])
            .current_dir(place.root())
            .env_remove("NO_COLOR");
        if no_color {
            script.env("NO_COLOR", "1");
        }
        let output = script.output().expect("script(1) of util-linux gives the program a terminal");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(seen("demo", false).contains("\u{1b}["));
    assert!(seen("demo --manifest broken.yaml", false).contains("\u{1b}["));
    assert!(!seen("demo --no-color", false).contains("\u{1b}["));
    assert!(!seen("demo", true).contains("\u{1b}["));
}

#[test]
fn the_language_is_the_manifests_unless_the_command_line_says_otherwise() {
    let place = Place::new();
    Scan::new().with(bucket("a", "Enabled")).write(&place.path("scan"));
    let english = Scan::MANIFEST.replace("language: ja", "language: en");
    place.write("english.yaml", english);
    for (args, language) in [
        (&["assess", "scan"][..], "ja"),
        (&["assess", "scan", "--lang", "en"], "en"),
        (&["assess", "scan", "--manifest", "english.yaml"], "en"),
        (&["assess", "scan", "--manifest", "english.yaml", "--lang", "ja"], "ja"),
    ] {
        let run = place.sonae().args(args).args(["--format", "json", "--fail-on", "never"]).run();
        assert_eq!(run.report()["language"], language, "{args:?}");
        let kana = run.stdout.chars().any(|letter| ('\u{3041}'..='\u{30ff}').contains(&letter));
        assert_eq!(kana, language == "ja", "{}", run.stdout);
    }
}

#[test]
fn only_the_formats_asked_for_are_written() {
    for (formats, files) in [
        ("json", &["report.json"][..]),
        ("html", &["report.html"]),
        ("xlsx", &["checklist.xlsx"]),
        ("json,xlsx", &["checklist.xlsx", "report.json"]),
        ("json,json", &["report.json"]),
    ] {
        let run = sonae().args(["demo", "--fail-on", "never", "--allow-unknown", "--format", formats]).run().expect(0);
        assert_eq!(run.place.names("sonae-report"), files);
        for file in files {
            assert!(run.stdout.contains(&format!("sonae-report/{file}\n")), "{}", run.stdout);
        }
    }
    let run = sonae().args(["demo", "--fail-on", "never", "--allow-unknown", "--out", "a/b"]).run().expect(0);
    assert_eq!(run.place.names("a/b"), ["checklist.xlsx", "documents", "report.html", "report.json"]);
}

#[test]
fn the_manifest_of_the_directory_is_used() {
    let place = Place::new();
    place.write("sonae.yaml", "organization: Found by itself\nworkloads: [{ name: web }]\n");
    // The demo is judged by its own manifest, whatever lies around.
    let run = place.sonae().args(["demo", "--format", "json"]).run();
    assert_eq!(run.report()["organization"], "Works Example");
    let run = place.sonae().args(["demo", "--format", "json", "--manifest", "sonae.yaml"]).run();
    assert_eq!(run.report()["organization"], "Found by itself");
}

#[test]
fn init_writes_a_manifest_that_works_and_overwrites_nothing() {
    let place = Place::new();
    let run = place.sonae().args(["init"]).run().expect(0);
    assert_eq!(run.stdout, "sonae.yaml\n");
    let run = place
        .sonae()
        .args(["demo", "--manifest", "sonae.yaml", "--fail-on", "never", "--allow-unknown"])
        .run()
        .expect(0);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    fs::write(place.path("sonae.yaml"), "mine").expect("the file");
    let run = place.sonae().args(["init"]).run().expect(2);
    assert!(run.stderr.contains("sonae.yaml exists already"), "{}", run.stderr);
    assert_eq!(place.read("sonae.yaml"), b"mine");
    place.sonae().args(["init", "other.yaml"]).run().expect(0);
    place.sonae().args(["init", "no/such/directory.yaml"]).run().expect(4);
}

#[cfg(not(feature = "aws"))]
#[test]
fn a_program_without_aws_says_how_to_get_one_with_it() {
    let run = sonae().args(["scan"]).run().expect(2);
    assert!(run.stderr.contains("without AWS support"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::new();
    let program = assert_cmd::cargo::cargo_bin!("sonae").display().to_string();
    let output = std::process::Command::new("sh")
        .args(["-c", "(\"$0\" rules schema; echo \"$?\" >&2) | true", &program])
        .current_dir(place.root())
        .output()
        .expect("sh");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "0\n");
}
