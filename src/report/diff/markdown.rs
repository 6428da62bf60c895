//! The comparison as Markdown, for merge requests and wikis.

use std::fmt::Write as _;

use super::{SHOWN, changes, class, counts, place, state, time, told, verdicts, workload};
use crate::compare::{Class, Comparison, RuleName};
use crate::report::messages::Messages;
use crate::report::{visible, words};

/// How many findings of one workload are shown: what reads it may cut long texts in the middle.
const LISTED: usize = 200;

/// The comparison.
pub fn render(comparison: &Comparison) -> String {
    let words = Messages::of(comparison.language);
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(comparison, words, &mut text);
    text
}

fn write(comparison: &Comparison, words: &Messages, text: &mut String) -> std::fmt::Result {
    let word = |key| words.get("diff", key);
    writeln!(text, "# {}\n", word("title"))?;
    let span = [("old", time(comparison.old.taken_at)), ("new", time(comparison.new.taken_at))];
    let span = words.format("diff", "from_to", &[("old", &span[0].1), ("new", &span[1].1)]);
    writeln!(text, "{}  {span}\n", cell(&comparison.organization))?;
    let total = counts(words, &comparison.counts);
    writeln!(text, "**{}**", if total.is_empty() { word("nothing") } else { &total })?;
    for (complete, key) in [(comparison.old.complete, "incomplete_old"), (comparison.new.complete, "incomplete_new")] {
        if !complete {
            writeln!(text, "\n{}", word(key))?;
        }
    }
    for group in comparison.workloads.iter().filter(|group| told(group)) {
        writeln!(text, "\n## {}\n", cell(&workload(words, &group.key, &group.title)))?;
        writeln!(text, "{}", counts(words, &group.counts))?;
        let found: Vec<_> = comparison
            .findings
            .iter()
            .filter(|found| found.workload == group.key && SHOWN.contains(&found.class))
            .collect();
        if found.is_empty() {
            continue;
        }
        let column = |key| words.get("column", key);
        let head = [
            word("class"),
            column("severity"),
            column("item"),
            column("resource"),
            column("verdict"),
            word("changes"),
            column("reason"),
        ];
        writeln!(text, "\n| {} |\n|{}", head.join(" | "), " --- |".repeat(head.len()))?;
        for found in found.iter().take(LISTED) {
            let name = if found.name.is_empty() { &found.resource } else { &found.name };
            let place = place(found);
            let place = if place.is_empty() { place } else { format!(" ({})", cell(&place)) };
            let changes: Vec<String> = changes(words, found).iter().map(|change| cell(change)).collect();
            writeln!(
                text,
                "| {} | {} | {} | {}{place} | {} | {} | {} |",
                class(words, found.class),
                state(found).map_or("", |state| words::severity(words, state.severity)),
                cell(&found.title),
                cell(name),
                verdicts(words, found),
                changes.join("<br>"),
                found.new.as_ref().map_or_else(String::new, |state| cell(&state.reason)),
            )?;
        }
        if found.len() > LISTED {
            let more = words.format("diff", "more", &[("n", &(found.len() - LISTED).to_string())]);
            writeln!(text, "\n{more}")?;
        }
    }
    let open = comparison.counts.get(&Class::Open).copied().unwrap_or(0);
    if open > 0 {
        writeln!(text, "\n{}", words.format("diff", "open_only", &[("n", &open.to_string())]))?;
    }
    rules(text, words, "rules_added", &comparison.rules_added)?;
    rules(text, words, "rules_removed", &comparison.rules_removed)
}

fn rules(text: &mut String, words: &Messages, heading: &str, rules: &[RuleName]) -> std::fmt::Result {
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n## {} ({})\n", words.get("diff", heading), rules.len())?;
    for rule in rules {
        let open = words.format("diff", "rule_open", &[("n", &rule.open.to_string())]);
        writeln!(text, "- `{}` {}: {open}", rule.id.replace('`', "'"), cell(&rule.title))?;
    }
    Ok(())
}

/// A text in one line in which nothing is Markdown or HTML: names from accounts are hostile.
fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in visible::prose(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // A mention would become a link.
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '!' | '|' | '~' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    // So would a bare address.
    escaped.replace("://", "&#58;//").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn names_are_text_and_nothing_else() {
        assert_eq!(cell("a|b\n# c"), "a\\|b \\# c");
        assert_eq!(cell("<img src=x>"), "&lt;img src=x&gt;");
        assert_eq!(cell("[x](https://e.example)"), "\\[x\\](https&#58;//e.example)");
        assert_eq!(cell("@everyone `rm`"), "&#64;everyone \\`rm\\`");
    }
}
