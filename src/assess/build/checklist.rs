//! The development checklist, and the FTR items in it.

use super::summary::count;
use super::{Builder, pick_title};
use crate::assess::answers::Entry;
use crate::assess::model::{AnswerStatus, ChecklistItem, Counts, Fact, Finding, FtrItem, Status};
use crate::model::Language;
use crate::model::types::workload::WORKLOAD;
use crate::rules::{Framework, Item, Key, Question, Rule};
use serde_saphyr::Spanned;
use std::collections::{BTreeMap, HashMap};

/// How the items of the older FTR checklist begin.
const OLDER: &str = "DR-";
/// How many rules an item names.
const NAMED: usize = 5;

/// The status that needs work first.
fn worst(counts: &Counts) -> Status {
    [Status::Fail, Status::Unknown, Status::Manual, Status::Waived, Status::Pass]
        .into_iter()
        .find(|status| counts.get(status).is_some_and(|count| *count > 0))
        .unwrap_or(Status::NotApplicable)
}

impl Builder<'_> {
    /// A line for each rule; for what is asked of or declared for workloads, a line for each of them.
    pub(super) fn checklist(&self, findings: &[Finding]) -> Vec<ChecklistItem> {
        let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in findings {
            by_rule.entry(&finding.rule).or_default().push(finding);
        }
        let mut items = Vec::new();
        for rule in &self.inputs.rules.rules {
            let findings = by_rule.get(&*rule.id).cloned().unwrap_or_default();
            // Answers are given for workloads, also where a question is about a resource of theirs.
            if rule.question.is_some() || rule.targets.iter().any(|target| target.ty == &WORKLOAD) {
                let mut others = findings;
                for workload in &self.resources[..self.workload_count] {
                    let (own, rest): (Vec<&Finding>, Vec<&Finding>) =
                        others.into_iter().partition(|finding| finding.workload == *workload.id);
                    items.push(self.item(items.len() + 1, rule, &workload.id, &own));
                    others = rest;
                }
                if let Some(first) = others.first() {
                    items.push(self.item(items.len() + 1, rule, &first.workload, &others));
                }
            } else {
                items.push(self.item(items.len() + 1, rule, "", &findings));
            }
        }
        items
    }

    pub(super) fn item(&self, no: usize, rule: &Rule, workload: &str, findings: &[&Finding]) -> ChecklistItem {
        let counts = count(findings.iter().copied());
        let verdict = worst(&counts);
        let entry = self.inputs.answers.entry(&rule.id, workload);
        let settled = matches!(verdict, Status::Pass | Status::NotApplicable | Status::Waived);
        let item = match &rule.question {
            Some(question) => &question.text,
            None => &rule.title,
        };
        ChecklistItem {
            no,
            rule: rule.id.to_string(),
            workload: workload.to_owned(),
            category: rule.category.as_str().to_owned(),
            category_title: rule.category.title(self.language).to_owned(),
            item: item.get(self.language).to_owned(),
            supplement: match &rule.question {
                Some(question) => format!("{}\n{}", rule.why.get(self.language), question.evidence.get(self.language)),
                None => rule.why.get(self.language).to_owned(),
            },
            severity: findings.iter().map(|finding| finding.severity).max().unwrap_or(rule.severity),
            verdict,
            verdict_text: self.verdict_text(rule, verdict, findings, &counts),
            question: rule.question.is_some(),
            answer_status: match entry {
                // Who only noted something on a line that is settled has not set it back.
                Some(entry) if entry.status != AnswerStatus::NotStarted || !settled => entry.status,
                _ if settled => AnswerStatus::Done,
                _ => AnswerStatus::NotStarted,
            },
            recorded_status: entry.map(|entry| entry.status),
            owner: entry.map(|entry| entry.owner.clone()).unwrap_or_default(),
            due: day(entry.and_then(|entry| entry.due.as_ref())),
            answer: entry.map(|entry| entry.text.clone()).unwrap_or_default(),
            comment: entry.map(|entry| entry.comment.clone()).unwrap_or_default(),
            review: rule
                .question
                .as_ref()
                .and_then(|question| self.inputs.answers.answer(&rule.id, workload)?.review(question.fresh_for))
                .map(|review| review.to_string())
                .unwrap_or_default(),
            evidence: entry.map(|entry| self.inputs.answers.evidence(entry)).unwrap_or_default(),
            answered_by: entry.map(|entry| entry.answered_by.clone()).unwrap_or_default(),
            answered_at: day(entry.and_then(|entry| entry.answered_at.as_ref())),
            next_review: day(entry.and_then(|entry| entry.next_review.as_ref())),
            facts: rule.question.as_ref().map(|question| self.facts(question, entry)).unwrap_or_default(),
            findings: findings.iter().map(|finding| finding.id.clone()).collect(),
            counts,
        }
    }

    /// The facts that a question asks for, with what people stated.
    fn facts(&self, question: &Question, entry: Option<&Entry>) -> Vec<Fact> {
        let stated = |name: &String| entry.and_then(|entry| entry.facts.get(name)).cloned();
        question
            .fields
            .iter()
            .map(|(name, ty, title)| Fact {
                name: name.clone(),
                title: title.get(self.language).to_owned(),
                form: ty.as_str().to_owned(),
                value: stated(name).unwrap_or_default(),
            })
            .collect()
    }

    pub(super) fn verdict_text(&self, rule: &Rule, verdict: Status, findings: &[&Finding], counts: &Counts) -> String {
        let total = findings.len();
        if total == 0 {
            let types: Vec<&str> = rule.targets.iter().map(|target| pick_title(target.ty, self.language)).collect();
            let types = types.join(", ");
            return match self.language {
                Language::Ja => format!("{types}はありません。"),
                Language::En => format!("There is no {types}."),
            };
        }
        if total == 1 && rule.targets.iter().any(|target| target.ty == &WORKLOAD) {
            return findings[0].reason.clone();
        }
        self.of_total(verdict, total, counts)
    }

    /// DR-001 to DR-009 of the older FTR checklist, then the items of the current one, for each workload.
    pub(super) fn ftr(&self, checklist: &[ChecklistItem], findings: &[Finding]) -> Vec<FtrItem> {
        let by_id: BTreeMap<&str, &Finding> = findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
        let mut items: Vec<FtrItem> = Vec::new();
        for item in checklist {
            let Some(rule) = self.inputs.rules.get(&item.rule) else { continue };
            for id in rule.maps.ftr.iter().filter(|id| id.starts_with(OLDER)) {
                let finding = item.findings.first().and_then(|id| by_id.get(id.as_str()));
                let values = finding.map(|finding| {
                    finding
                        .evidence
                        .lines()
                        .map(|(name, value)| format!("{name}: {value}"))
                        .collect::<Vec<_>>()
                        .join("\n")
                });
                let remarks = item.remarks();
                items.push(FtrItem {
                    id: id.clone(),
                    current: rule
                        .maps
                        .ftr
                        .iter()
                        .filter(|id| !id.starts_with(OLDER))
                        .cloned()
                        .collect::<Vec<_>>()
                        .join(", "),
                    rule: item.rule.clone(),
                    title: rule.title.get(self.language).to_owned(),
                    workload: item.workload.clone(),
                    status: item.verdict,
                    answer_status: item.answer_status,
                    response: if remarks.is_empty() { values.unwrap_or_default() } else { remarks },
                    notes: item.verdict_text.clone(),
                });
            }
        }
        items.sort_by(|a, b| (&a.id, &a.workload).cmp(&(&b.id, &b.workload)));
        items.extend(self.current_ftr(checklist, findings));
        items
    }

    /// The items of the current FTR checklist, for each workload: what all rules that map to one of them came to.
    fn current_ftr(&self, checklist: &[ChecklistItem], findings: &[Finding]) -> Vec<FtrItem> {
        // A defect of our own frameworks is ruled out by their tests.
        let frameworks = Framework::all().unwrap_or_default();
        let Some(framework) = frameworks.iter().find(|framework| framework.maps == Key::Ftr) else { return Vec::new() };
        let mut workloads: Vec<&str> =
            self.resources[..self.workload_count].iter().map(|workload| &*workload.id).collect();
        workloads.push(&self.inputs.manifest.default_workload.name);
        let mut by_rule: HashMap<(&str, &str), Vec<&Finding>> = HashMap::new();
        for finding in findings {
            by_rule.entry((&finding.workload, &finding.rule)).or_default().push(finding);
        }
        let mut items = Vec::new();
        for item in framework.items.iter().filter(|item| !item.id.starts_with(OLDER)) {
            let rules: Vec<&Rule> = framework.rules(item, self.inputs.rules).collect();
            for workload in &workloads {
                let of_rule = |rule: &&Rule| by_rule.get(&(*workload, &*rule.id)).cloned().unwrap_or_default();
                let of_item: Vec<&Finding> = rules.iter().flat_map(of_rule).collect();
                items.extend(self.current_item(item, &rules, workload, &of_item, checklist));
            }
        }
        items
    }

    /// None where nothing of a workload has to do with the item.
    fn current_item(
        &self,
        item: &Item,
        rules: &[&Rule],
        workload: &str,
        findings: &[&Finding],
        checklist: &[ChecklistItem],
    ) -> Option<FtrItem> {
        let counts = count(findings.iter().copied());
        let status = worst(&counts);
        if status == Status::NotApplicable && findings.is_empty() {
            return None;
        }
        let asked: Vec<&ChecklistItem> = checklist
            .iter()
            .filter(|line| line.workload == workload && line.question)
            .filter(|line| rules.iter().any(|rule| *rule.id == line.rule))
            .collect();
        let open = |rule: &&&Rule| {
            let of_rule = |finding: &&&Finding| *finding.rule == *rule.id;
            findings.iter().filter(of_rule).any(|finding| finding.status == status)
        };
        let named: Vec<&str> = rules.iter().filter(open).map(|rule| &*rule.id).collect();
        let comments: Vec<String> = asked
            .iter()
            .map(|line| (line, line.remarks()))
            .filter(|(_, remarks)| !remarks.is_empty())
            .map(|(line, remarks)| format!("{}: {remarks}", line.rule))
            .collect();
        let answer_status = if status == Status::Pass || status == Status::NotApplicable || status == Status::Waived {
            AnswerStatus::Done
        } else if asked.iter().any(|line| line.answer_status != AnswerStatus::NotStarted) {
            AnswerStatus::InProgress
        } else {
            AnswerStatus::NotStarted
        };
        Some(FtrItem {
            id: item.id.clone(),
            current: item.id.clone(),
            // One rule leads to its details; several are named in the notes.
            rule: if let [only] = rules { only.id.to_string() } else { String::new() },
            title: item.title.get(self.language).to_owned(),
            workload: workload.to_owned(),
            status,
            answer_status,
            response: comments.join("\n"),
            notes: self.share(status, findings.len(), &counts, &named),
        })
    }

    /// `3 of 12 fail: rds-multi-az, ...`
    fn share(&self, status: Status, total: usize, counts: &Counts, rules: &[&str]) -> String {
        let share = self.of_total(status, total, counts);
        match status {
            Status::Pass | Status::NotApplicable => share,
            _ => {
                let more = if rules.len() > NAMED { ", …" } else { "" };
                let named: Vec<&str> = rules.iter().take(NAMED).copied().collect();
                format!("{share}: {}{more}", named.join(", "))
            }
        }
    }

    /// `3 of 12 fail`
    fn of_total(&self, status: Status, total: usize, counts: &Counts) -> String {
        let number = counts.get(&status).copied().unwrap_or(0);
        let (ja, en) = match status {
            Status::Fail => ("不適合", "fail"),
            Status::Unknown => ("確認不能", "cannot be told"),
            Status::Manual => ("要回答", "need an answer"),
            Status::Waived => ("適用除外", "are waived"),
            Status::Pass => ("適合", "pass"),
            Status::NotApplicable => ("対象外", "do not apply"),
        };
        match self.language {
            Language::Ja => format!("{total}件中{number}件が{ja}"),
            Language::En => format!("{number} of {total} {en}"),
        }
    }
}

/// A day as the answers file has it.
fn day(text: Option<&Spanned<String>>) -> String {
    text.map(|text| text.value.clone()).unwrap_or_default()
}
