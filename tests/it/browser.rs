//! The page, opened in a browser.
//!
//! Needs Node, Chromium and `npm ci --prefix tests/browser`. Without them the test fails; set
//! `SONAE_TEST_WITHOUT_BROWSER=1` where leaving it out is meant.

use std::path::PathBuf;
use std::process::Command;

use crate::common::{Place, demo, repository};

fn ready() -> Result<PathBuf, String> {
    let scripts = repository().join("tests/browser");
    let cure = "or set SONAE_TEST_WITHOUT_BROWSER=1 to leave the browser out";
    if !scripts.join("node_modules/playwright-core").exists() {
        return Err(format!(
            "{} is missing: run `npm ci --prefix tests/browser`, {cure}",
            scripts.join("node_modules").display()
        ));
    }
    let chromium = std::env::var_os("CHROMIUM").map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    if !chromium.exists() {
        return Err(format!("{} is missing: install Chromium, or name it in CHROMIUM, {cure}", chromium.display()));
    }
    if Command::new("node").arg("--version").output().is_err() {
        return Err(format!("node is missing: install Node 20 or newer, {cure}"));
    }
    Ok(scripts.join("report.mjs"))
}

#[test]
fn the_page_in_japanese_works_in_a_browser() {
    works("ja");
}

#[test]
fn the_page_in_english_works_in_a_browser() {
    works("en");
}

#[expect(clippy::print_stdout, reason = "what is left out says so")]
fn works(language: &str) {
    if std::env::var("SONAE_TEST_WITHOUT_BROWSER").is_ok_and(|value| value == "1") {
        println!("left out: SONAE_TEST_WITHOUT_BROWSER is set");
        return;
    }
    let script = ready().unwrap_or_else(|problem| panic!("{problem}"));
    let place = Place::new();
    let page = place.write("report.html", &demo(language).html);
    let findings = demo(language).json["findings"].as_array().expect("findings");
    let expected =
        serde_json::json!({ "lang": language, "findings": findings.len(), "search": "s3-versioning-enabled" });
    let expected = place.write("expected.json", expected.to_string());
    let output = Command::new("node").arg(&script).arg(page).arg(expected).output().expect("node");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout)
    );
}
