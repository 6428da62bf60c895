//! From conditions to verdicts.

use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::evaluate::{Decision, Surroundings, Truth, decisions, truth, value};
use crate::model::{AnswerStatus, Resource, ResourceType, Status, Unknown, Value};
use crate::rules::{Answer, EvidenceProblem, Question, Rule, RuleSet, Target};

/// Which workload a resource is held to.
#[derive(Debug, Clone, PartialEq)]
pub enum Owner {
    /// The workload in that place of the list.
    Workload(u32),
    /// It could not be found out, since a value that the selection needs is unknown.
    Unknown(Arc<Unknown>),
}

/// A verdict in its smallest form: millions of them fit in memory. Everything else is worked out for those shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The place of the rule in the rule set.
    pub rule: u32,
    /// The place of the resource in the list.
    pub resource: u32,
    /// The verdict, before waivers.
    pub status: Status,
}

/// A verdict with what decided it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict, before waivers.
    pub status: Status,
    /// The parts of the rule that decided it.
    pub decisions: Vec<Decision>,
    /// Why it is unknown, if it is.
    pub unknown: Option<Arc<Unknown>>,
    /// Why a question is open, if it is.
    pub open: Option<OpenQuestion>,
    /// Whether it fails since what was read contradicts the answer.
    pub contradicted: bool,
}

/// Why a question is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenQuestion {
    /// Nobody has answered.
    NoAnswer,
    /// Somebody is at it, or has not begun.
    Unfinished(AnswerStatus),
    /// The answer is older than it may be.
    Stale,
    /// The day on which it was to be looked at again has passed.
    ReviewDue,
    /// The stores of the workload are not those that it spoke of.
    Changed,
    /// The answer lacks its evidence.
    NoEvidence,
    /// A file that proves it is not what it was.
    Evidence(EvidenceProblem),
    /// "Not applicable" without a reason.
    NoReason,
    /// A fact that decides is not stated.
    MissingFact,
}

/// Judges every resource by every rule for its type. The order is that of the resources, then of the rules. Both the
/// surroundings and the answer to a question are those of the workload that owns the resource in that place.
pub fn judge_all<'a>(
    rules: &RuleSet,
    resources: &[Resource],
    surroundings: impl Fn(usize) -> &'a Value + Sync,
    answer: impl Fn(&Rule, usize) -> Option<&'a Answer> + Sync,
    now: Timestamp,
) -> Vec<Verdict> {
    let by_type = rules_by_type(rules);
    resources
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, resource)| {
            let workload = surroundings(index);
            let answer = &answer;
            let rules = by_type.iter().find(|(ty, _)| *ty == resource.ty).map_or(&[][..], |(_, rules)| rules);
            rules.iter().map(move |(place, rule, target)| Verdict {
                rule: *place,
                resource: u32::try_from(index).unwrap_or(u32::MAX),
                status: verdict(rule, target, resource, workload, || answer(rule, index), now).0,
            })
        })
        .collect()
}

/// The rules for each type. Types are few and compared by their address, which is faster than any map.
type ByType<'a> = Vec<(&'static ResourceType, Vec<(u32, &'a Rule, &'a Target)>)>;

fn rules_by_type(rules: &RuleSet) -> ByType<'_> {
    let mut by_type = ByType::new();
    for (place, rule) in rules.rules.iter().enumerate() {
        for target in rules.targets_of(rule) {
            let entry = (u32::try_from(place).unwrap_or(u32::MAX), &**rule, target);
            match by_type.iter_mut().find(|(ty, _)| *ty == target.ty) {
                Some((_, rules)) => rules.push(entry),
                None => by_type.push((target.ty, vec![entry])),
            }
        }
    }
    by_type
}

/// Judges one resource by one rule, with what decided it.
pub fn judge_one(
    rule: &Rule,
    target: &Target,
    resource: &Resource,
    workload: &Value,
    answer: Option<&Answer>,
    now: Timestamp,
) -> Judgement {
    let (status, stage) = verdict(rule, target, resource, workload, || answer, now);
    let facts = answer.map_or(&[][..], |answer| &answer.fields);
    let surroundings = Surroundings { resource, workload, answer: facts, now };
    let contradicted = matches!(stage, Stage::Contradicted);
    let (condition, outcome, open) = match stage {
        Stage::When(outcome) => (target.when.as_ref(), Some(outcome), None),
        Stage::Pass(Truth::True) | Stage::Accept(Truth::True) | Stage::Answered => (None, None, None),
        Stage::Pass(outcome) => (target.pass.as_ref(), Some(outcome), None),
        Stage::Accept(outcome) => (target.accept.as_ref(), Some(outcome), None),
        Stage::Contradicted => (target.contradicted_by.as_ref(), Some(Truth::True), None),
        // What could not be seen is for people to answer, and is part of the verdict all the same.
        Stage::Open(open, seen) => (None, seen, Some(open)),
    };
    Judgement {
        status,
        decisions: condition.map(|condition| decisions(condition, &surroundings)).unwrap_or_default(),
        unknown: match outcome {
            Some(Truth::Unknown(unknown)) => Some(unknown),
            _ => None,
        },
        open,
        contradicted,
    }
}

/// Which part of a rule gave the verdict.
enum Stage {
    When(Truth),
    Pass(Truth),
    Accept(Truth),
    /// With what could be seen, where the rule looks before it asks.
    Open(OpenQuestion, Option<Truth>),
    Answered,
    /// The answer would stand but for what was read.
    Contradicted,
}

fn verdict<'a>(
    rule: &Rule,
    target: &Target,
    resource: &Resource,
    workload: &Value,
    answer: impl FnOnce() -> Option<&'a Answer>,
    now: Timestamp,
) -> (Status, Stage) {
    let mut surroundings = Surroundings { resource, workload, answer: &[], now };
    if let Some(when) = &target.when {
        match truth(when, &surroundings) {
            Truth::True => {}
            Truth::False => return (Status::NotApplicable, Stage::When(Truth::False)),
            outcome @ Truth::Unknown(_) => return (Status::Unknown, Stage::When(outcome)),
        }
    }
    let seen = target.pass.as_ref().map(|pass| truth(pass, &surroundings));
    let (question, seen) = match (&rule.question, seen) {
        (_, Some(Truth::True)) => return (Status::Pass, Stage::Pass(Truth::True)),
        (None, Some(Truth::False)) => return (Status::Fail, Stage::Pass(Truth::False)),
        (None, Some(outcome @ Truth::Unknown(_))) => return (Status::Unknown, Stage::Pass(outcome)),
        (None, None) => return (Status::Pass, Stage::Answered),
        (Some(question), seen) => (question, seen),
    };
    let stores = || target.architecture.as_ref().map(|architecture| value(architecture, &surroundings));
    let answer = match answered(question, answer(), stores, now) {
        Ok(answer) => answer,
        Err(open) => return (Status::Manual, Stage::Open(open, seen)),
    };
    surroundings.answer = &answer.fields;
    let stands = match (&target.accept, answer.status) {
        (_, AnswerStatus::NotApplicable) => (Status::NotApplicable, Stage::Answered),
        (None, _) => (Status::Pass, Stage::Answered),
        (Some(accept), _) => match truth(accept, &surroundings) {
            Truth::True => (Status::Pass, Stage::Accept(Truth::True)),
            Truth::False => return (Status::Fail, Stage::Accept(Truth::False)),
            // People left out a fact: that is for them to state, nothing that could not be read.
            Truth::Unknown(_) => return (Status::Manual, Stage::Open(OpenQuestion::MissingFact, seen)),
        },
    };
    // What could not be read contradicts nobody.
    match target.contradicted_by.as_ref().map(|contradiction| truth(contradiction, &surroundings)) {
        Some(Truth::True) => (Status::Fail, Stage::Contradicted),
        _ => stands,
    }
}

/// The answer, if it closes the question.
fn answered<'a>(
    question: &Question,
    answer: Option<&'a Answer>,
    stores: impl FnOnce() -> Option<Value>,
    now: Timestamp,
) -> Result<&'a Answer, OpenQuestion> {
    let answer = answer.ok_or(OpenQuestion::NoAnswer)?;
    match answer.status {
        AnswerStatus::NotStarted | AnswerStatus::InProgress => return Err(OpenQuestion::Unfinished(answer.status)),
        AnswerStatus::NotApplicable if !answer.has_text => return Err(OpenQuestion::NoReason),
        AnswerStatus::NotApplicable | AnswerStatus::Done => {}
    }
    if now.as_second().saturating_sub(answer.answered_at.as_second()) > question.fresh_for.0 {
        return Err(OpenQuestion::Stale);
    }
    if answer.next_review.is_some_and(|review| review < now) {
        return Err(OpenQuestion::ReviewDue);
    }
    // Stores that are not all known are not known to have changed.
    if let Some(then) = &answer.architecture
        && stores().as_ref().and_then(Value::as_str).is_some_and(|present| present != then)
    {
        return Err(OpenQuestion::Changed);
    }
    if question.evidence_required && answer.status == AnswerStatus::Done && !answer.has_evidence {
        return Err(OpenQuestion::NoEvidence);
    }
    if let Some(defect) = &answer.defect {
        return Err(OpenQuestion::Evidence(defect.clone()));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceFile;
    use crate::model::types::workload::WORKLOAD;
    use crate::rules::{EvidenceDefect, Overrides};
    use crate::slot;

    const NOW: Timestamp = Timestamp::constant(1_768_435_200, 0);

    /// A question that fails when a restore failed after what the answer says, also where it says "not applicable".
    fn rule() -> RuleSet {
        let text = "id: own-question\ntype: Sonae::Workload\ncategory: operations\nseverity: high\n\
            title: { ja: 試験, en: Test }\nwhy: { ja: 理由, en: Reason }\n\
            question:\n  text: { ja: 問い, en: Question }\n  evidence: { ja: 根拠, en: Evidence }\n  fresh_for: 365d\n  \
            stale_on_change: true\n  fields: { held: { type: timestamp, title: { ja: 日, en: Day } } }\n  \
            accept: answer.status == \"not_applicable\" || answer.held <= now\n\
            contradicted_by: >-\n  resource.failed_restores.exists(restore, answer.status == \"not_applicable\"\n  \
            || restore.created >= answer.held)\n\
            remediation: { text: { ja: 直す, en: Mend } }\n\
            examples:\n  - { name: none, expect: manual }\n  \
            - { name: one, resource: { failed_restores: [] }, expect: pass, \
            answer: { status: done, answered_at: 2026-01-05T00:00:00Z, fields: { held: 2026-01-01 } } }\n";
        match RuleSet::parse(&[SourceFile::new("own-question.yaml", text)], &Overrides::new()) {
            Ok(rules) => rules,
            Err(problems) => panic!("{}", problems.0.iter().map(|problem| problem.render(false)).collect::<String>()),
        }
    }

    fn answer(status: AnswerStatus, held: Option<&str>) -> Answer {
        let held = held.and_then(|held| held.parse().ok()).map_or(Value::Null, Value::Timestamp);
        Answer {
            status,
            answered_at: NOW,
            next_review: None,
            has_text: true,
            has_evidence: false,
            defect: None,
            architecture: None,
            fields: vec![held, Value::str(status.as_str())],
        }
    }

    /// A workload with one restore that failed on 2026-01-10, or with restores that could not be read.
    fn workload(failed: bool, architecture: &str) -> Resource {
        let mut workload = Resource::new(&WORKLOAD, "", "", "mks");
        let created = "2026-01-10T00:00:00Z".parse().map_or(Value::Null, Value::Timestamp);
        if failed {
            let restore = crate::record!(crate::model::types::workload::STORE_RESTORE { "created": created });
            workload.set(slot!(WORKLOAD, "failed_restores"), Value::list([restore]));
        }
        workload.set(slot!(WORKLOAD, "architecture"), architecture);
        workload
    }

    fn judged(workload: &Resource, answer: &Answer) -> Judgement {
        let rules = rule();
        let rule = &rules.rules[0];
        judge_one(rule, &rule.targets[0], workload, &Value::Null, Some(answer), NOW)
    }

    #[test]
    fn what_was_read_wins_over_an_answer() {
        let contradicted = judged(&workload(true, ""), &answer(AnswerStatus::Done, Some("2026-01-05T00:00:00Z")));
        assert_eq!((contradicted.status, contradicted.contradicted), (Status::Fail, true));
        assert!(!contradicted.decisions.is_empty(), "with what decided it");
        let stands = judged(&workload(true, ""), &answer(AnswerStatus::Done, Some("2026-01-12T00:00:00Z")));
        assert_eq!((stands.status, stands.contradicted), (Status::Pass, false));
    }

    #[test]
    fn not_applicable_can_be_contradicted_too() {
        let judgement = judged(&workload(true, ""), &answer(AnswerStatus::NotApplicable, None));
        assert_eq!((judgement.status, judgement.contradicted), (Status::Fail, true));
    }

    #[test]
    fn what_could_not_be_read_contradicts_nobody() {
        let judgement = judged(&workload(false, ""), &answer(AnswerStatus::Done, Some("2026-01-05T00:00:00Z")));
        assert_eq!(judgement.status, Status::Pass);
        let judgement = judged(&workload(false, ""), &answer(AnswerStatus::NotApplicable, None));
        assert_eq!(judgement.status, Status::NotApplicable);
    }

    #[test]
    fn an_answer_that_stands_no_more_is_open_and_not_contradicted() {
        let changed = Answer {
            architecture: Some("0123456789abcdef".to_owned()),
            ..answer(AnswerStatus::Done, Some("2026-01-05T00:00:00Z"))
        };
        let judgement = judged(&workload(true, "e3b0c44298fc1c14"), &changed);
        assert_eq!((judgement.status, judgement.open), (Status::Manual, Some(OpenQuestion::Changed)));
        let problem = EvidenceProblem { file: "a.pdf".into(), defect: EvidenceDefect::Missing };
        let broken = Answer { defect: Some(problem.clone()), ..answer(AnswerStatus::NotApplicable, None) };
        let judgement = judged(&workload(true, ""), &broken);
        assert_eq!((judgement.status, judgement.open), (Status::Manual, Some(OpenQuestion::Evidence(problem))));
    }
}
