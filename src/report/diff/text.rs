//! The comparison for terminals.

use std::fmt::Write as _;

use super::{SHOWN, changes, class, counts, place, state, time, told, verdicts, workload};
use crate::assess::model::Severity;
use crate::compare::{Class, Comparison, Difference, RuleName};
use crate::report::messages::Messages;
use crate::report::{visible, words};

/// How many rules of one class and workload are shown; the files have all of them.
const LISTED: usize = 12;
/// How many resources are named for a rule.
const EXAMPLES: usize = 3;
/// Narrower than this nothing sensible fits.
const NARROWEST: usize = 40;

/// The comparison, no line wider than `width` columns. Names from accounts cannot steer the terminal.
pub fn render(comparison: &Comparison, color: bool, width: usize) -> String {
    let mut page =
        Page { words: Messages::of(comparison.language), color, width: width.max(NARROWEST), text: String::new() };
    page.comparison(comparison);
    page.text
}

/// The class, the severity, the rule and the verdict.
fn head(words: &Messages, found: &Difference) -> String {
    let severity = state(found).map_or(Severity::Info, |state| state.severity);
    format!(
        "{}  {}  {}  {}",
        class(words, found.class),
        words::severity(words, severity),
        visible::line(&found.rule),
        verdicts(words, found)
    )
}

/// How a line looks. The words alone say the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Plain,
    Bold,
    Faint,
    Bad,
    Doubtful,
    Good,
}

struct Page {
    words: &'static Messages,
    color: bool,
    width: usize,
    text: String,
}

impl Page {
    fn comparison(&mut self, comparison: &Comparison) {
        let words = self.words;
        let span = words.format(
            "diff",
            "from_to",
            &[("old", &time(comparison.old.taken_at)), ("new", &time(comparison.new.taken_at))],
        );
        self.line(0, Look::Bold, &format!("{}  {span}", visible::prose(&comparison.organization)));
        let total = counts(words, &comparison.counts);
        let of = |class: Class| comparison.counts.get(&class).copied().unwrap_or(0);
        let look = if of(Class::New) > 0 { Look::Bad } else { Look::Good };
        self.line(0, look, if total.is_empty() { words.get("diff", "nothing") } else { &total });
        for (complete, key) in
            [(comparison.old.complete, "incomplete_old"), (comparison.new.complete, "incomplete_new")]
        {
            if !complete {
                self.line(0, Look::Doubtful, &format!("! {}", words.get("diff", key)));
            }
        }
        for group in comparison.workloads.iter().filter(|group| told(group)) {
            self.text.push('\n');
            let name = visible::prose(&workload(words, &group.key, &group.title));
            self.line(0, Look::Bold, &format!("{name}  {}", counts(words, &group.counts)));
            for shown in SHOWN {
                let found: Vec<&Difference> = comparison
                    .findings
                    .iter()
                    .filter(|found| found.workload == group.key && found.class == shown)
                    .collect();
                let rules: Vec<&[&Difference]> = found.chunk_by(|a, b| head(words, a) == head(words, b)).collect();
                for alike in rules.iter().take(LISTED) {
                    self.findings(alike);
                }
                let more: usize = rules.iter().skip(LISTED).map(|alike| alike.len()).sum();
                if more > 0 {
                    let more = words.format("diff", "more", &[("n", &more.to_string())]);
                    self.line(2, Look::Faint, &format!("{}: {more}", class(words, shown)));
                }
            }
        }
        if of(Class::Open) > 0 {
            self.text.push('\n');
            let text = words.format("diff", "open_only", &[("n", &of(Class::Open).to_string())]);
            self.line(0, Look::Faint, &text);
        }
        self.rules("rules_added", &comparison.rules_added);
        self.rules("rules_removed", &comparison.rules_removed);
    }

    /// Findings of one rule with one verdict.
    fn findings(&mut self, alike: &[&Difference]) {
        let words = self.words;
        let Some(found) = alike.first() else { return };
        let severity = state(found).map_or(Severity::Info, |state| state.severity);
        let look = match found.class {
            Class::New if severity >= Severity::High => Look::Bad,
            Class::New | Class::Changed | Class::Unread => Look::Doubtful,
            Class::Fixed => Look::Good,
            _ => Look::Plain,
        };
        self.line(2, look, &head(words, found));
        for found in alike.iter().take(EXAMPLES) {
            let name = if found.name.is_empty() { &found.resource } else { &found.name };
            let place = place(found);
            let place = if place.is_empty() { String::new() } else { format!(" ({})", visible::line(&place)) };
            self.line(6, Look::Plain, &format!("{}{place}", visible::cut(&visible::line(name), 48)));
            let changes = changes(words, found).join(", ");
            if !changes.is_empty() {
                self.line(8, Look::Plain, &visible::prose(&changes));
            }
        }
        if alike.len() > EXAMPLES {
            let more = words.format("diff", "more", &[("n", &(alike.len() - EXAMPLES).to_string())]);
            self.line(6, Look::Plain, &more);
        }
        if matches!(found.class, Class::New | Class::Changed)
            && let Some(state) = &found.new
        {
            self.line(6, Look::Faint, &visible::prose(&state.reason));
        }
    }

    fn rules(&mut self, heading: &str, rules: &[RuleName]) {
        if rules.is_empty() {
            return;
        }
        self.text.push('\n');
        let words = self.words;
        self.line(0, Look::Bold, &format!("{} ({})", words.get("diff", heading), rules.len()));
        for rule in rules.iter().take(LISTED) {
            let open = words.format("diff", "rule_open", &[("n", &rule.open.to_string())]);
            let text = format!("{}  {}  {open}", visible::line(&rule.id), visible::prose(&rule.title));
            self.line(2, Look::Plain, &text);
        }
        if rules.len() > LISTED {
            let more = words.format("diff", "more", &[("n", &(rules.len() - LISTED).to_string())]);
            self.line(2, Look::Faint, &more);
        }
    }

    fn line(&mut self, indent: usize, look: Look, text: &str) {
        self.text.push_str(&" ".repeat(indent));
        let text = visible::cut(text, self.width.saturating_sub(indent));
        let code = match look {
            Look::Plain => "",
            Look::Bold => "1",
            Look::Faint => "2",
            Look::Bad => "1;31",
            Look::Doubtful => "33",
            Look::Good => "32",
        };
        if self.color && !code.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(self.text, "\u{1b}[{code}m{text}\u{1b}[0m");
        } else {
            self.text.push_str(&text);
        }
        self.text.push('\n');
    }
}
