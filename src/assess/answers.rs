//! The answers file: what people say, who, when and with what evidence.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::architecture;
use super::evidence::{Evidence, EvidenceFiles};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile, suggestion};
use crate::manifest::Manifest;
use crate::model::{AnswerStatus, Value};
use crate::rules::{Answer, Rule, RuleSet, declared_value};
use crate::yaml;

/// `answers.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    #[expect(dead_code, reason = "there is one version so far")]
    version: u32,
    #[serde(default)]
    answers: Vec<Entry>,
}

/// An answer to a question, or what people noted on an item that Sonae checks itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The rule.
    pub rule: Spanned<String>,
    /// The workload; none for every one.
    pub workload: Option<Spanned<String>>,
    /// How far people are.
    #[serde(default = "not_started")]
    pub status: AnswerStatus,
    /// The answer in words.
    #[serde(default)]
    pub text: String,
    /// Who answered.
    #[serde(default)]
    pub answered_by: String,
    /// When: a date.
    pub answered_at: Option<Spanned<String>>,
    /// When the answer is to be looked at again: a date.
    pub next_review: Option<Spanned<String>>,
    /// Who is responsible for the item.
    #[serde(default)]
    pub owner: String,
    /// When the item is due: a date.
    pub due: Option<Spanned<String>>,
    /// What people noted.
    #[serde(default)]
    pub comment: String,
    /// Links or files.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// The fingerprint of the workload's stores when it was answered, as the report shows it.
    pub architecture: Option<Spanned<String>>,
    /// Facts that the question asks for.
    #[serde(default)]
    pub facts: serde_json::Map<String, serde_json::Value>,
}

fn not_started() -> AnswerStatus {
    AnswerStatus::NotStarted
}

/// Answers that were read and checked.
#[derive(Debug, Default)]
pub struct Answers {
    entries: Vec<(Entry, Option<Answer>)>,
    files: EvidenceFiles,
    /// What is odd but does not stop the run.
    pub warnings: Vec<Diagnostic>,
}

impl Answers {
    /// Reads and checks the text of an answers file. `files` is what was found of the files that it names as evidence,
    /// `rules` are all rules, not just the selected ones.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn parse(
        file: &SourceFile,
        files: EvidenceFiles,
        rules: &RuleSet,
        manifest: &Manifest,
    ) -> Result<Self, Diagnostics> {
        let raw: File = yaml::parse(file).map_err(|problem| Diagnostics(vec![*problem]))?;
        let mut problems = Vec::new();
        let mut answers = Self { files, ..Self::default() };
        for entry in raw.answers {
            let rule = rules.get(&entry.rule.value);
            if rule.is_none() {
                let warning = Diagnostic::warning(
                    file,
                    yaml::span(&entry.rule),
                    format!("no rule is called `{}`", entry.rule.value),
                );
                answers.warnings.push(match rules.suggest(&entry.rule.value) {
                    Some(known) => warning.help(format!("did you mean `{known}`?")),
                    None => warning.help("`sonae rules list` names them all"),
                });
            }
            if let Some(name) = &entry.workload
                && manifest.workload(&name.value).is_none()
            {
                let warning = Diagnostic::warning(
                    file,
                    yaml::span(name),
                    format!("the manifest has no workload `{}`", name.value),
                );
                let names = manifest.workloads.iter().map(|workload| &*workload.name);
                answers.warnings.push(match suggestion(&name.value, names) {
                    Some(known) => warning.help(format!("did you mean `{known}`?")),
                    None => warning.help("name one of its workloads, or leave `workload` out to answer for all"),
                });
            }
            let of = |entry: &Entry| entry.workload.as_ref().map(|name| name.value.clone());
            let twice =
                |(first, _): &&(Entry, Option<Answer>)| first.rule.value == entry.rule.value && of(first) == of(&entry);
            if let Some((first, _)) = answers.entries.iter().find(twice) {
                let (line, _) = file.position(yaml::span(&first.rule).start);
                let message = format!("`{}` is answered twice; the answer in line {line} counts", entry.rule.value);
                let warning = Diagnostic::warning(file, yaml::span(&entry.rule), message);
                answers.warnings.push(warning.help("keep one answer for each rule and workload"));
            }
            let mut defect = None;
            for evidence in &entry.evidence {
                if let Evidence::File(evidence) = evidence {
                    evidence.check(file, &mut problems);
                    defect = defect.or(evidence.compare(file, &answers.files, &mut answers.warnings));
                }
            }
            if let Some(architecture) = &entry.architecture
                && !architecture::is_fingerprint(&architecture.value)
            {
                let message = format!("`{}` is not a fingerprint of stores", architecture.value);
                problems.push(
                    Diagnostic::error(file, yaml::span(architecture), message)
                        .help("copy the 16 digits that the report shows for the workload, or leave the key out"),
                );
            }
            let answer = rule.and_then(|rule| answer(file, &entry, rule, &mut problems));
            let answer = answer.map(|answer| Answer { defect, ..answer });
            if let Some(due) = &entry.due {
                date(file, due, &mut problems);
            }
            answers.entries.push((entry, answer));
        }
        if problems.is_empty() { Ok(answers) } else { Err(Diagnostics(problems)) }
    }

    /// What people say of a rule for a workload: what is said for that workload wins over what is said for all.
    pub fn entry(&self, rule: &str, workload: &str) -> Option<&Entry> {
        self.find(rule, workload).map(|(entry, _)| entry)
    }

    /// The answer to the question of a rule for a workload.
    pub fn answer(&self, rule: &str, workload: &str) -> Option<&Answer> {
        self.find(rule, workload).and_then(|(_, answer)| answer.as_ref())
    }

    /// What proves an answer, one line each.
    pub fn evidence(&self, entry: &Entry) -> Vec<String> {
        entry.evidence.iter().map(|evidence| evidence.line(&self.files)).collect()
    }

    fn find(&self, rule: &str, workload: &str) -> Option<&(Entry, Option<Answer>)> {
        let of_rule = || self.entries.iter().filter(move |(entry, _)| entry.rule.value == rule);
        let named = |entry: &Entry| entry.workload.as_ref().map(|name| name.value.clone());
        of_rule()
            .find(|(entry, _)| named(entry).as_deref() == Some(workload))
            .or_else(|| of_rule().find(|(entry, _)| entry.workload.is_none()))
    }
}

/// The answer as the rule sees it, if the rule asks a question.
fn answer(file: &SourceFile, entry: &Entry, rule: &Rule, problems: &mut Vec<Diagnostic>) -> Option<Answer> {
    let question = rule.question.as_ref()?;
    let closes = matches!(entry.status, AnswerStatus::Done | AnswerStatus::NotApplicable);
    let answered_at = match &entry.answered_at {
        Some(text) => date(file, text, problems)?,
        None if !closes => Timestamp::UNIX_EPOCH,
        None => {
            problems.push(
                Diagnostic::error(file, yaml::span(&entry.rule), "the answer does not say when it was given")
                    .help("add `answered_at:` with a date, such as 2026-10-01"),
            );
            return None;
        }
    };
    let next_review = entry.next_review.as_ref().and_then(|text| date(file, text, problems));
    if let Some(name) = entry.facts.keys().find(|name| !question.fields.iter().any(|(field, ..)| field == *name)) {
        let problem =
            Diagnostic::error(file, yaml::span(&entry.rule), format!("the question asks for no fact `{name}`"));
        let names: Vec<&str> = question.fields.iter().map(|(field, ..)| field.as_str()).collect();
        problems.push(match suggestion(name, names.iter().copied()) {
            Some(known) => problem.help(format!("did you mean `{known}`?")),
            None if names.is_empty() => problem.help("it asks for none; write the answer under `text`"),
            None => problem.help(format!("it asks for {}", names.join(", "))),
        });
    }
    let mut fields = Vec::with_capacity(question.fields.len());
    for (name, ty, _) in &question.fields {
        match entry.facts.get(name).map_or(Ok(Value::Null), |value| declared_value(value, *ty, name)) {
            Ok(value) => fields.push(value),
            Err(message) => {
                problems.push(
                    Diagnostic::error(file, yaml::span(&entry.rule), message)
                        .help("dates are written as 2026-10-01, durations as 2h"),
                );
                return None;
            }
        }
    }
    fields.push(Value::str(entry.status.as_str()));
    Some(Answer {
        status: entry.status,
        answered_at,
        next_review,
        has_text: !entry.text.trim().is_empty() || !entry.comment.trim().is_empty(),
        has_evidence: !entry.evidence.is_empty(),
        defect: None,
        architecture: entry.architecture.as_ref().map(|text| text.value.to_lowercase()),
        fields,
    })
}

/// The beginning of a date, UTC.
pub(super) fn date(file: &SourceFile, text: &Spanned<String>, problems: &mut Vec<Diagnostic>) -> Option<Timestamp> {
    let read = text.value.parse::<Date>().ok().and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    if read.is_none() {
        problems.push(
            Diagnostic::error(file, yaml::span(text), format!("`{}` is not a date", text.value))
                .help("write it as 2026-10-01"),
        );
    }
    read.map(|zoned| zoned.timestamp())
}
