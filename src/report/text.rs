//! The summary for terminals: what a developer reads in ten seconds.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr;

use super::messages::Messages;
use super::{visible, words};
use crate::assess::model::{ChecklistItem, Finding, Outcome, Report, Severity, Since, Status};

/// How many rules that fail are shown; the reports have all of them.
const SHOWN: usize = 8;
/// How many operations that could not be read and how many questions are shown.
const SHOWN_BELOW: usize = 5;
/// How many resources are named for a rule.
const EXAMPLES: usize = 2;
/// Narrower than this nothing sensible fits.
const NARROWEST: usize = 40;

/// The summary, with a newline at the end of every line and no line wider than `width` columns, where full-width
/// characters take two. Names from accounts cannot steer the terminal: what does not show is written out.
pub fn summary(report: &Report, color: bool, width: usize) -> String {
    let mut page =
        Page { report, words: Messages::of(report.language), color, width: width.max(NARROWEST), text: String::new() };
    page.verdict();
    page.trend();
    page.worst();
    page.unread();
    page.questions();
    page.notes();
    page.text
}

/// How a part of a line looks. The words alone say the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Plain,
    Bold,
    Faint,
    Bad,
    Doubtful,
    Good,
}

impl Look {
    const fn code(self) -> &'static str {
        match self {
            Look::Plain => "",
            Look::Bold => "1",
            Look::Faint => "2",
            Look::Bad => "1;31",
            Look::Doubtful => "33",
            Look::Good => "32",
        }
    }
}

/// Where an operation could not be read, and what was said there first.
#[derive(Default)]
struct Gap<'r> {
    accounts: BTreeSet<&'r str>,
    regions: BTreeSet<&'r str>,
    error: &'r str,
}

/// The summary while it is being written.
struct Page<'r> {
    report: &'r Report,
    words: &'static Messages,
    color: bool,
    width: usize,
    text: String,
}

impl Page<'_> {
    /// The first lines: does it fail, was all of it read, how many of each.
    fn verdict(&mut self) {
        let (summary, words) = (&self.report.summary, self.words);
        let count = |status| summary.by_status.get(&status).copied().unwrap_or(0);
        let failed = count(Status::Fail);
        let incomplete = !summary.complete;
        let (mark, look, verdict) = if failed > 0 {
            let severities: Vec<String> = Severity::ALL
                .into_iter()
                .filter_map(|severity| {
                    let failed = summary.by_severity.get(&severity).filter(|failed| **failed > 0)?;
                    Some(format!("{} {failed}", words::severity(words, severity)))
                })
                .collect();
            let n = failed.to_string();
            let text = if severities.is_empty() {
                words.format("terminal", "fail", &[("n", &n)])
            } else {
                words.format("terminal", "fail_severities", &[("n", &n), ("severities", &severities.join(", "))])
            };
            ("✗", Look::Bad, text)
        } else if count(Status::Pass) + count(Status::Waived) + count(Status::Manual) + count(Status::Unknown) == 0 {
            // An empty account is not a safe one.
            ("?", Look::Doubtful, words.get("terminal", "nothing").to_owned())
        } else if incomplete || count(Status::Unknown) > 0 {
            ("?", Look::Doubtful, words.get("terminal", "clean_but").to_owned())
        } else {
            ("✓", Look::Good, words.get("terminal", "clean").to_owned())
        };
        let organization = visible::prose(&self.report.organization);
        let taken_at = self.report.snapshot.taken_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        self.line(0, &[(Look::Bold, &organization), (Look::Faint, &format!("  {taken_at}"))]);
        self.line(0, &[(look, &format!("{mark} {verdict}"))]);
        if incomplete {
            let gaps = summary.gaps.to_string();
            let missing = self.report.snapshot.missing.len().to_string();
            let text = words.format("terminal", "incomplete", &[("gaps", &gaps), ("missing", &missing)]);
            self.line(0, &[(Look::Doubtful, &format!("! {text}"))]);
        } else {
            let text = words.get("terminal", "complete");
            self.line(0, &[(Look::Good, &format!("✓ {text}"))]);
        }
        let counts = words::counts(words, &summary.by_status);
        if !counts.is_empty() {
            self.line(2, &[(Look::Plain, &counts)]);
        }
    }

    /// What became of the findings since the baseline, and the last quarters.
    fn trend(&mut self) {
        let (report, words) = (self.report, self.words);
        if let Some(info) = &report.baseline {
            for line in words::baseline(words, info) {
                self.line(2, &[(Look::Bold, &line)]);
            }
        }
        if report.trend.is_empty() {
            return;
        }
        self.heading(words.get("trend", "title"));
        let names: Vec<String> =
            report.trend.iter().map(|point| visible::prose(&words::quarter(words, point))).collect();
        let column = names.iter().map(|name| name.width()).max().unwrap_or(0);
        for (point, name) in report.trend.iter().zip(names) {
            let padding = " ".repeat(column.saturating_sub(name.width()));
            let mut counts = point.by_status.clone();
            counts.remove(&Status::NotApplicable);
            let counts = words::counts(words, &counts);
            let met = point.objectives.iter().filter(|objective| objective.outcome == Outcome::Met).count();
            let objectives = words.format(
                "trend",
                "counts",
                &[("met", &met.to_string()), ("all", &point.objectives.len().to_string())],
            );
            let objectives = if point.objectives.is_empty() { String::new() } else { format!("  {objectives}") };
            self.line(
                2,
                &[(Look::Bold, &format!("{name}{padding}")), (Look::Plain, &format!("{objectives}  {counts}"))],
            );
        }
    }

    /// The worst failures by rule, each with the first resources and with what mends them.
    fn worst(&mut self) {
        let (report, words) = (self.report, self.words);
        let mut rules: Vec<(&str, Vec<&Finding>)> = Vec::new();
        // With a baseline, people ask what is new.
        let wanted = |finding: &&Finding| {
            finding.status == Status::Fail && (report.baseline.is_none() || finding.baseline == Some(Since::New))
        };
        for finding in report.findings.iter().filter(wanted) {
            match rules.iter_mut().find(|(rule, _)| *rule == finding.rule) {
                Some((_, findings)) => findings.push(finding),
                None => rules.push((&finding.rule, vec![finding])),
            }
        }
        if rules.is_empty() {
            if report.baseline.is_some() {
                self.text.push('\n');
                self.line(0, &[(Look::Good, words.get("diff", "no_new_findings"))]);
            }
            return;
        }
        let worst = |findings: &[&Finding]| findings.iter().map(|finding| finding.severity).max();
        rules.sort_by_key(|(_, findings)| std::cmp::Reverse(worst(findings)));
        let total = rules.len();
        rules.truncate(SHOWN);
        self.heading(match report.baseline {
            Some(_) => words.get("diff", "new_findings"),
            None => words.get("terminal", "findings"),
        });
        let column = Severity::ALL.map(|severity| words::severity(words, severity).width());
        let column = column.into_iter().max().unwrap_or(0);
        for (rule, findings) in rules {
            let Some(first) = findings.iter().max_by_key(|finding| finding.severity) else { continue };
            let severity = words::severity(words, first.severity);
            let padding = " ".repeat(column.saturating_sub(severity.width()));
            let look = if first.severity >= Severity::High { Look::Bad } else { Look::Doubtful };
            let title = report.rules.get(rule).map_or("", |info| info.title.as_str());
            let count = words.format("terminal", "resources", &[("n", &findings.len().to_string())]);
            self.line(
                2,
                &[
                    (look, severity),
                    (Look::Plain, &format!("{padding}  ")),
                    (Look::Bold, &visible::line(rule)),
                    (Look::Plain, &format!("  {}", visible::prose(title))),
                    (Look::Faint, &format!("  {count}")),
                ],
            );
            let mut names: Vec<String> =
                findings.iter().take(EXAMPLES).map(|finding| format!("{}{}", name(finding), place(finding))).collect();
            if findings.len() > EXAMPLES {
                names.push(words.format("terminal", "more", &[("n", &(findings.len() - EXAMPLES).to_string())]));
            }
            self.line(column + 4, &[(Look::Plain, &names.join(", "))]);
            self.line(column + 4, &[(Look::Faint, &visible::prose(&first.reason))]);
            if let Some(info) = report.rules.get(rule) {
                let hint = if info.cli.is_empty() { &info.remediation } else { &info.cli };
                // A command in one line: what was broken for reading is joined again.
                let hint = hint.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
                if !hint.is_empty() {
                    let fix = words.get("terminal", "fix");
                    self.wrapped(column + 4, Look::Faint, &format!("→ {fix}: {}", visible::prose(&hint)));
                }
            }
        }
        self.more(total, SHOWN);
    }

    /// What could not be read, by operation and what AWS said.
    fn unread(&mut self) {
        let (report, words) = (self.report, self.words);
        let mut gaps: BTreeMap<(&str, &str), Gap<'_>> = BTreeMap::new();
        for line in report.coverage.iter().filter(|line| matches!(line.status.as_str(), "denied" | "error")) {
            let gap = gaps.entry((line.operation.as_str(), line.status.as_str())).or_default();
            gap.accounts.insert(line.account.as_str());
            gap.regions.insert(line.region.as_str());
            if gap.error.is_empty() {
                gap.error = line.error.as_deref().unwrap_or_default();
            }
        }
        let missing = &report.snapshot.missing;
        if gaps.is_empty() && missing.is_empty() {
            return;
        }
        self.heading(words.get("terminal", "unread"));
        let total = gaps.len();
        // Those that blind most accounts first.
        let mut gaps: Vec<_> = gaps.into_iter().collect();
        gaps.sort_by_key(|(_, gap)| std::cmp::Reverse((gap.accounts.len(), gap.regions.len())));
        for ((operation, status), Gap { accounts, regions, error }) in gaps.into_iter().take(SHOWN_BELOW) {
            let status = words.get("coverage_status", status);
            let affected = words.format(
                "terminal",
                "affected",
                &[("accounts", &accounts.len().to_string()), ("regions", &regions.len().to_string())],
            );
            let error = if error.is_empty() { String::new() } else { format!("  {}", visible::prose(error)) };
            self.line(
                2,
                &[
                    (Look::Bold, &visible::line(operation)),
                    (Look::Doubtful, &format!("  {status}")),
                    (Look::Plain, &format!("  {affected}")),
                    (Look::Faint, &error),
                ],
            );
        }
        self.more(total, SHOWN_BELOW);
        if !missing.is_empty() {
            let mut list: Vec<String> = missing.iter().take(3).map(|name| visible::prose(name)).collect();
            if missing.len() > list.len() {
                let more = missing.len() - list.len();
                list.push(words.format("terminal", "more", &[("n", &more.to_string())]));
            }
            let text = words.format("terminal", "missing", &[("list", &list.join(", "))]);
            self.line(2, &[(Look::Plain, &text)]);
        }
    }

    /// What only people can answer.
    fn questions(&mut self) {
        let words = self.words;
        let open: Vec<&ChecklistItem> =
            self.report.checklist.iter().filter(|item| item.question && item.verdict == Status::Manual).collect();
        if open.is_empty() {
            return;
        }
        self.heading(&words.format("terminal", "questions", &[("n", &open.len().to_string())]));
        for item in open.iter().take(SHOWN_BELOW) {
            let workload =
                if item.workload.is_empty() { String::new() } else { format!("  {}", visible::line(&item.workload)) };
            self.line(
                2,
                &[
                    (Look::Bold, &visible::line(&item.rule)),
                    (Look::Faint, &workload),
                    (Look::Plain, &format!("  {}", visible::prose(&item.item))),
                ],
            );
        }
        self.more(open.len(), SHOWN_BELOW);
    }

    fn notes(&mut self) {
        let notes = &self.report.notes;
        if notes.is_empty() {
            return;
        }
        self.heading(self.words.get("terminal", "notes"));
        for note in notes.iter().take(SHOWN_BELOW) {
            self.line(2, &[(Look::Plain, &visible::prose(note))]);
        }
        self.more(notes.len(), SHOWN_BELOW);
    }

    fn heading(&mut self, text: &str) {
        self.text.push('\n');
        self.line(0, &[(Look::Bold, text)]);
    }

    fn more(&mut self, total: usize, shown: usize) {
        let more = total.saturating_sub(shown);
        if more > 0 {
            let text = self.words.format("terminal", "more", &[("n", &more.to_string())]);
            self.line(2, &[(Look::Faint, &text)]);
        }
    }

    /// A text over at most three lines: a command that is cut is of no use.
    fn wrapped(&mut self, indent: usize, look: Look, text: &str) {
        let room = self.width.saturating_sub(indent + 2).max(1);
        let mut rest = text;
        for number in 0..3 {
            let indent = if number == 0 { indent } else { indent + 2 };
            if number == 2 || rest.width() <= room {
                self.line(indent, &[(look, rest)]);
                return;
            }
            let mut end = 0;
            for (place, character) in rest.char_indices() {
                let next = place + character.len_utf8();
                if rest.get(..next).is_some_and(|start| start.width() > room) {
                    break;
                }
                end = next;
            }
            // A blank in the second half of the line is a better place to break.
            let blank = rest.get(..end).and_then(|line| line.rfind(' ')).filter(|blank| *blank > end / 2);
            let (line, next) = rest.split_at(blank.unwrap_or(end));
            self.line(indent, &[(look, line)]);
            rest = next.trim_start();
            if rest.is_empty() {
                return;
            }
        }
    }

    /// One line of parts, cut where the terminal ends.
    fn line(&mut self, indent: usize, parts: &[(Look, &str)]) {
        self.text.push_str(&" ".repeat(indent));
        let mut room = self.width.saturating_sub(indent);
        for (look, part) in parts {
            if room == 0 {
                break;
            }
            let shown = visible::cut(part, room);
            room = if shown.len() == part.len() { room.saturating_sub(shown.width()) } else { 0 };
            if self.color && *look != Look::Plain && !shown.is_empty() {
                self.text.push_str("\u{1b}[");
                self.text.push_str(look.code());
                self.text.push('m');
                self.text.push_str(&shown);
                self.text.push_str("\u{1b}[0m");
            } else {
                self.text.push_str(&shown);
            }
        }
        self.text.push('\n');
    }
}

/// What people call the resource. Very long names leave room for where it is.
fn name(finding: &Finding) -> String {
    let name = if finding.name.is_empty() { &finding.resource } else { &finding.name };
    visible::cut(&visible::line(name), 48).into_owned()
}

fn place(finding: &Finding) -> String {
    let parts = [finding.account.as_str(), finding.region.as_str()];
    let place: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).map(visible::line).collect();
    if place.is_empty() { String::new() } else { format!(" ({})", place.join("/")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::report::sample;

    #[test]
    fn summary_in_japanese() {
        insta::assert_snapshot!(summary(&sample::sample(Language::Ja), false, 100));
    }

    #[test]
    fn summary_in_english() {
        insta::assert_snapshot!(summary(&sample::sample(Language::En), false, 100));
    }

    #[test]
    fn names_cannot_steer_the_terminal() {
        for language in [Language::Ja, Language::En] {
            let report = sample::sample(language);
            let plain = summary(&report, false, 100);
            assert!(!plain.contains(|character: char| character.is_control() && character != '\n'), "{plain}");
            assert!(plain.contains("db\\x1b[31mred\\x07"), "{plain}");
            let colored = summary(&report, true, 100);
            let mut bare = colored;
            for code in ["1", "2", "1;31", "33", "32", "0"] {
                bare = bare.replace(&format!("\u{1b}[{code}m"), "");
            }
            assert_eq!(bare, plain, "color adds nothing but its own codes");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [0, 40, 60, 80, 200] {
            let mut report = sample::sample(Language::Ja);
            report.organization = "組織".repeat(300);
            for line in summary(&report, false, width).lines() {
                assert!(line.width() <= width.max(NARROWEST), "{width}: {line}");
            }
        }
    }

    #[test]
    fn the_verdict_never_claims_more_than_was_read() {
        let words = Messages::of(Language::En);
        let mut report = sample::sample(Language::En);
        report.findings.retain(|finding| finding.status == Status::Pass);
        report.summary.by_status = Status::ALL.into_iter().map(|status| (status, 0)).collect();
        report.summary.by_status.insert(Status::Pass, 2);
        let first = |report: &Report| summary(report, false, 100).lines().nth(1).unwrap_or_default().to_owned();
        assert_eq!(first(&report), format!("? {}", words.get("terminal", "clean_but")));
        report.summary.complete = true;
        assert_eq!(first(&report), format!("✓ {}", words.get("terminal", "clean")));
        report.summary.by_status.insert(Status::Pass, 0);
        assert_eq!(first(&report), format!("? {}", words.get("terminal", "nothing")));
    }

    #[test]
    fn many_failures_of_one_rule_are_one_entry() {
        let mut report = sample::sample(Language::En);
        let worst = report.findings[0].clone();
        report.findings = (0..25).map(|_| worst.clone()).collect();
        let text = summary(&report, false, 100);
        assert!(text.contains("(25)"), "{text}");
        assert_eq!(text.matches("rds-backup-retention  ").count(), 1, "{text}");
    }
}
