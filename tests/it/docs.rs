//! The reference of all rules: generated, complete, and what the repository holds.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sonae::cli::docs;
use sonae::rules::{Framework, Overrides, RuleSet};

use crate::common::{Place, RULE, files_below, repository, rule_with, sonae};

#[test]
fn the_repository_holds_what_the_rules_say() {
    let rules = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
    let expected = docs::files(&rules).expect("the book");
    let root = repository().join("docs");
    let again = "docs/ is stale: run `cargo run --no-default-features -- rules docs`";
    for (path, text) in &expected {
        let found = fs::read_to_string(root.join(path)).unwrap_or_default();
        assert!(found == *text, "{again} ({path} differs)");
    }
    for file in files_below(&root, "") {
        let path = file.strip_prefix(&root).expect("below docs").to_string_lossy().replace('\\', "/");
        assert!(expected.contains_key(&path), "{again} ({path} is left over)");
    }
}

/// The addresses of links to other pages, without their anchors, and the anchors.
fn links(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(address, _)| address).filter_map(|address| {
        let (page, anchor) = address.split_once('#').unwrap_or((address, ""));
        Path::new(page).extension().is_some_and(|extension| extension == "md").then_some((page, anchor))
    })
}

#[test]
fn every_link_leads_to_a_page_and_every_page_is_linked() {
    let place = Place::new();
    place.sonae().args(["rules", "docs", "--out", "book"]).run().expect(0);
    let mut linked = BTreeSet::new();
    for file in files_below(&place.path("book"), ".md") {
        let text = fs::read_to_string(&file).expect("a page");
        for (page, anchor) in links(&text) {
            let target = file.parent().expect("a directory").join(page);
            let target = fs::canonicalize(&target).unwrap_or_else(|_| panic!("{}: {page}", file.display()));
            if !anchor.is_empty() {
                let there = fs::read_to_string(&target).expect("a page");
                assert!(there.contains(&format!("<a id=\"{anchor}\"></a>")), "{}: #{anchor}", file.display());
            }
            linked.insert(target);
        }
    }
    for file in files_below(&place.path("book/src"), ".md").into_iter().filter(|file| !file.ends_with("SUMMARY.md")) {
        let file = fs::canonicalize(file).expect("a page");
        assert!(linked.contains(&file), "{} is linked nowhere", file.display());
    }
}

#[test]
fn every_item_of_a_framework_has_its_rules_or_says_that_there_is_none() {
    let place = Place::new();
    place.sonae().args(["rules", "docs", "--out", "book"]).run().expect(0);
    let rules = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
    for framework in Framework::all().expect("our own frameworks") {
        let page =
            String::from_utf8(place.read(&format!("book/src/en/frameworks/{}.md", framework.id))).expect("UTF-8");
        for item in &framework.items {
            let start = format!("| `{}` |", item.id);
            let line = page.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{}", item.id));
            let answering: Vec<&str> = framework.rules(item, &rules).map(|rule| &*rule.id).collect();
            assert_eq!(line.contains("| no rule: "), answering.is_empty(), "{line}");
            for rule in &answering {
                assert!(line.contains(&format!("(../rules/{rule}.md)")), "{line}");
            }
            assert!(item.without.is_none() || answering.is_empty(), "{} has rules after all: {answering:?}", item.id);
        }
    }
}

#[test]
fn pages_of_rules_that_are_gone_are_taken_away_and_others_left() {
    let place = Place::new();
    place.write("own/own-rule.yaml", RULE);
    place.write("sonae.yaml", "rules: { dirs: [own] }\n");
    place.write("book/src/notes.md", "mine\n");
    place.sonae().args(["rules", "docs", "--out", "book", "--manifest", "sonae.yaml"]).run().expect(0);
    assert!(place.path("book/src/en/rules/own-rule.md").exists());
    place.sonae().args(["rules", "docs", "--out", "book"]).run().expect(0);
    assert!(!place.path("book/src/en/rules/own-rule.md").exists());
    assert_eq!(place.read("book/src/notes.md"), b"mine\n");
}

#[test]
fn whatever_a_rule_says_stays_text() {
    let place = Place::new();
    let hostile = r##"{ ja: "題](javascript:alert(1)) <script>x</script> | {{#include /etc/passwd}} `a`", en: "# 1. ](x.md) <img src=x onerror=y> | **b** {{#title z}}" }"##;
    let rule = rule_with("{ ja: 独自の項目, en: An item of our own }", hostile);
    let rule = rule.replace("remediation: {", "remediation: { cli: \"a | b\\n```\\n<script>\", ");
    place.write("own/own-rule.yaml", rule);
    place.write("sonae.yaml", "rules: { dirs: [own] }\n");
    place.sonae().args(["rules", "docs", "--out", "book", "--manifest", "sonae.yaml"]).run().expect(0);
    for (tree, heading) in [
        ("ja", r"# 題\](javascript:alert(1)) &lt;script&gt;x&lt;/script&gt; \| {{#include /etc/passwd}} \`a\`"),
        ("en", r"# \# 1. \](x.md) &lt;img src=x onerror=y&gt; \| \*\*b\*\* {{#title z}}"),
    ] {
        let page = String::from_utf8(place.read(&format!("book/src/{tree}/rules/own-rule.md"))).expect("UTF-8");
        assert_eq!(page.lines().nth(1), Some(heading));
        assert!(page.contains("````sh\na | b\n```\n<script>\n````\n"), "{page}");
        for page in ["index.md", "services.md"] {
            let text = String::from_utf8(place.read(&format!("book/src/{tree}/{page}"))).expect("UTF-8");
            assert!(!text.contains("<script") && !text.contains("<img"), "{text}");
            let row = text.lines().find(|line| line.contains("own-rule")).expect("the rule's row");
            assert_eq!(row.replace("\\|", "").matches('|').count(), 4, "{row}");
        }
    }
    // Nothing is included from other files: no preprocessor reads the pages.
    assert!(
        String::from_utf8(place.read("book/book.toml")).expect("UTF-8").contains("use-default-preprocessors = false")
    );
}

#[test]
fn the_book_is_the_same_each_time() {
    let rules = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
    assert_eq!(docs::files(&rules).expect("the book"), docs::files(&rules).expect("the book"));
    let run = sonae().args(["rules", "docs"]).run().expect(0);
    assert_eq!(run.stdout, "docs\n");
}
