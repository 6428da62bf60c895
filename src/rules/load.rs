//! Loading rules: from files to checked rules, with every problem of every file at once.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};
use serde_saphyr::Spanned;

use super::expression::{Expression, Kind, Node, Scope, Ty, lower};
use super::raw::{self, ParamType};
use super::recovery::Recovery;
use super::{Answer, Example, Question, Rule, Says, Sentence, Target};
use crate::diagnostic::{Diagnostic, Diagnostics, FileError, Placed, SourceFile, suggestion};
use crate::model::json::{fields_from_json, from_json};
use crate::model::schema::{ResourceType, Type};
use crate::model::types::workload::WORKLOAD_RECORD;
use crate::model::{AnswerStatus, Resource, Seconds, Text, Value, types};
use crate::yaml;

/// The rules that come with the program: path and text.
static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The workload that examples are judged for, unless they change it: the one of the manifest in the documentation.
const EXAMPLE_WORKLOAD: &str = r#"{
  "title": "Example", "tier": "critical", "primary_region": "ap-northeast-1", "dr_region": "ap-northeast-3",
  "strategy": "pilot_light", "is_default": false,
  "objectives": {
    "slo": 99.0, "slo_month_budget": "PT7H12M", "rlo": "read-only until the next business day", "retention": "P7D",
    "rpo": { "data": "1h", "infrastructure": "5m", "az": "5m", "region": "24h" },
    "rto": { "data": "2h", "infrastructure": "1h", "az": "1h", "region": "18h" } },
  "failover": { "build_after": "6h", "switch_after": "12h", "confirm_with_support": true }
}"#;

/// The field of a workload that tells when its stores have changed.
const ARCHITECTURE: &str = "architecture";

/// The fact that every answer has.
const STATUS: &str = "status";

/// Parameter values from the manifest, by rule id and parameter.
pub type Overrides = BTreeMap<String, Given>;

/// Parameter values from the manifest for one rule.
pub type Given = BTreeMap<String, Placed<Json>>;

/// Checked rules, in the order of the checklist: category, then id.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// The rules.
    pub rules: Vec<Arc<Rule>>,
    /// What brings back the stores of each type.
    pub recovery: Arc<[Recovery]>,
    /// The services whose resources they judge; empty for every service.
    services: Vec<String>,
}

impl RuleSet {
    /// Our own rules and those in these files.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn load(own: &[SourceFile], overrides: &Overrides) -> Result<Self, Diagnostics> {
        let files: Vec<SourceFile> =
            EMBEDDED.iter().map(|(path, text)| SourceFile::new(*path, text)).chain(own.iter().cloned()).collect();
        let recovery = Recovery::all()?;
        Ok(Self { recovery: recovery.into(), ..Self::parse(&files, overrides)? })
    }

    /// Rules from texts.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn parse(files: &[SourceFile], overrides: &Overrides) -> Result<Self, Diagnostics> {
        let mut problems: Vec<Diagnostic> = Vec::new();
        let mut rules: Vec<Arc<Rule>> = Vec::new();
        let mut seen: HashMap<String, PathBuf> = HashMap::new();
        for file in files {
            match yaml::parse::<raw::Rule>(file) {
                Err(problem) => problems.push(*problem),
                Ok(raw) => {
                    let id = raw.id.clone();
                    if let Some(first) = seen.insert(id.value.clone(), file.path.clone()) {
                        problems.push(
                            Diagnostic::error(file, yaml::span(&id), format!("the rule id `{}` is taken", id.value))
                                .help(format!("{} has it too; give this rule an id of its own", first.display())),
                        );
                    }
                    let none = BTreeMap::new();
                    let overrides = overrides.get(&id.value).unwrap_or(&none);
                    rules.extend(Checker { file, problems: &mut problems }.rule(raw, overrides).map(Arc::new));
                }
            }
        }
        for (id, given) in overrides.iter().filter(|(id, _)| !seen.contains_key(*id)) {
            // Nothing given is nothing lost.
            let Some(first) = given.values().next() else { continue };
            let problem = first.error(format!("there is no rule `{id}` to set parameters of"));
            problems.push(match suggestion(id, seen.keys().map(String::as_str)) {
                Some(known) => problem.help(format!("did you mean `{known}`?")),
                None => problem.help("`sonae rules list` names them all"),
            });
        }
        if !problems.is_empty() {
            return Err(Diagnostics(problems));
        }
        rules.sort_by(|a, b| (a.category, &a.id).cmp(&(b.category, &b.id)));
        Ok(Self { rules, recovery: Arc::default(), services: Vec::new() })
    }

    /// The rule of that id.
    pub fn get(&self, id: &str) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| &*rule.id == id)
    }

    /// The ids that come closest to a misspelt one.
    pub fn suggest(&self, id: &str) -> Option<&str> {
        suggestion(id, self.rules.iter().map(|rule| &*rule.id))
    }

    /// Keeps the rules that satisfy the condition.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(&Rule) -> bool) -> Self {
        Self { rules: self.rules.iter().filter(|rule| keep(rule)).cloned().collect(), ..self.clone() }
    }

    /// Keeps the rules on resources of these services. A rule on types of several services judges those of the selected
    /// ones alone. None at all keeps everything.
    #[must_use]
    pub fn of_services(&self, services: &[String]) -> Self {
        let selected = Self { services: services.to_vec(), ..self.clone() };
        let rules = self.rules.iter().filter(|rule| selected.targets_of(rule).next().is_some()).cloned().collect();
        Self { rules, ..selected }
    }

    /// What a rule of this set judges.
    pub fn targets_of<'a>(&'a self, rule: &'a Rule) -> impl Iterator<Item = &'a Target> {
        rule.targets.iter().filter(|target| {
            self.services.is_empty() || self.services.iter().any(|service| service == target.ty.service)
        })
    }
}

/// The rule files in a directory and below, in the order of their paths.
///
/// # Errors
/// The directory or a file that cannot be read.
pub fn read_directory(directory: &Path) -> Result<Vec<SourceFile>, FileError> {
    let unreadable = |source| FileError { path: directory.to_owned(), source };
    let entries = std::fs::read_dir(directory).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(unreadable)?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(read_directory(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            files.push(SourceFile::read(&path)?);
        }
    }
    Ok(files)
}

/// Checks one file.
pub(super) struct Checker<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) problems: &'a mut Vec<Diagnostic>,
}

pub(super) type Params = BTreeMap<String, (Node, Ty)>;

impl Checker<'_> {
    pub(super) fn error(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic::error(self.file, span, message).help(help));
    }

    /// A problem that a rule on several types would have for each of them.
    fn once(&mut self, problem: Diagnostic) {
        if !self.problems.iter().any(|known| known.span == problem.span && known.message == problem.message) {
            self.problems.push(problem);
        }
    }

    /// The rule, or nothing when it has problems.
    fn rule(mut self, raw: raw::Rule, overrides: &Given) -> Option<Rule> {
        let before = self.problems.len();
        self.id(&raw.id);
        let types = self.types(&raw.ty);
        let question = raw.question.as_ref().and_then(|question| self.question(question));
        if raw.pass.is_none() && raw.question.is_none() {
            self.error(yaml::span(&raw.id), "the rule neither checks nor asks anything", "add `pass:` or `question:`");
        }
        let answer: Vec<(String, Ty)> = raw.question.iter().flat_map(answer_fields).collect();
        self.contradiction(&raw, &types);
        let mut targets = Vec::new();
        let mut examples = Vec::new();
        for ty in &types {
            targets.push(self.target(&raw, ty, overrides, &answer));
        }
        self.says(&raw);
        self.example_coverage(&raw);
        for example in &raw.examples {
            let Some(mut checked) = self.example(example, &types, &raw) else { continue };
            // An example with parameters of its own is judged by the rule as a manifest with them would have it.
            if !example.params.is_empty()
                && let Some(ty) = types.get(checked.target)
            {
                let (file, span) = (self.file, yaml::span(&example.name));
                let placed = |value: &Json| Placed { value: value.clone(), file: file.clone(), span: span.clone() };
                let params: Given = example.params.iter().map(|(name, value)| (name.clone(), placed(value))).collect();
                let target = self.target(&raw, ty, &params, &answer);
                checked.own_target = Some(target);
            }
            examples.push(checked);
        }
        if self.problems.len() > before {
            return None;
        }
        Some(Rule {
            id: raw.id.value.into(),
            category: raw.category,
            severity: raw.severity,
            title: raw.title,
            why: raw.why,
            viewpoint: raw.viewpoint,
            targets,
            question,
            remediation: raw.remediation,
            maps: raw.maps,
            sources: raw.sources,
            params: raw.params,
            examples,
            file: self.file.clone(),
        })
    }

    /// The rule for one type, with parameters as these overrides set them.
    fn target(
        &mut self,
        raw: &raw::Rule,
        ty: &'static ResourceType,
        overrides: &Given,
        answer: &[(String, Ty)],
    ) -> Target {
        let params = self.params(&raw.params, ty, overrides);
        let scope = Scope { resource: ty, params: &params, answer };
        Target {
            ty,
            when: raw.when.as_ref().and_then(|text| self.condition(text, &scope)),
            pass: raw.pass.as_ref().and_then(|text| self.condition(text, &scope)),
            accept: raw
                .question
                .as_ref()
                .and_then(|question| question.accept.as_ref())
                .and_then(|text| self.condition(text, &scope)),
            contradicted_by: raw.contradicted_by.as_ref().and_then(|text| self.condition(text, &scope)),
            architecture: raw
                .question
                .as_ref()
                .filter(|question| question.stale_on_change && ty.field(ARCHITECTURE).is_some())
                .and_then(|_| lower(&format!("resource.{ARCHITECTURE}"), &scope).ok()),
            evidence: raw
                .evidence
                .iter()
                .filter_map(|(name, text)| Some((name.clone(), self.expression(text, &scope)?)))
                .collect(),
            says: Says {
                pass: self.sentences(&raw.says.pass, &scope),
                fail: self.sentences(&raw.says.fail, &scope),
                not_applicable: self.sentences(&raw.says.not_applicable, &scope),
                contradicted: self.sentences(&raw.says.contradicted, &scope),
            },
        }
    }

    fn sentences(&mut self, raw: &raw::Sentences, scope: &Scope<'_>) -> Vec<Sentence> {
        let checked = raw.0.iter().map(|sentence| Sentence {
            when: sentence.when.as_ref().and_then(|when| self.condition(when, scope)),
            text: Text { ja: sentence.ja.clone(), en: sentence.en.clone() },
        });
        checked.collect()
    }

    /// What stands beside a question only.
    fn contradiction(&mut self, raw: &raw::Rule, types: &[&'static ResourceType]) {
        match &raw.question {
            None => {
                if let Some(text) = &raw.contradicted_by {
                    let message = "only an answer can be contradicted, and the rule asks nothing";
                    self.error(yaml::span(text), message, "add `question:`, or write the condition under `pass:`");
                }
            }
            Some(question) => {
                if question.stale_on_change && types.iter().any(|ty| ty.field(ARCHITECTURE).is_none()) {
                    let message = "`stale_on_change` is for questions about workloads, whose stores are known";
                    self.error(yaml::span(&question.fresh_for), message, "leave it out, or ask the workload");
                }
                if question.fields.contains_key(STATUS) {
                    let message = "every answer has a `status` already";
                    self.error(yaml::span(&question.fresh_for), message, "give the fact another name");
                }
            }
        }
        if raw.contradicted_by.is_none() && !raw.says.contradicted.0.is_empty() {
            let message = "a sentence for answers that are contradicted, yet nothing contradicts them";
            self.error(yaml::span(&raw.id), message, "add `contradicted_by:`, or take `says.contradicted` away");
        }
        let many = [&raw.says.pass, &raw.says.fail, &raw.says.not_applicable, &raw.says.contradicted];
        for sentences in many {
            let unreached = sentences.0.split_last().and_then(|(_, before)| before.iter().find(|it| it.when.is_none()));
            if unreached.is_some() {
                let message = "a sentence without `when` is always said, so that those after it never are";
                self.error(yaml::span(&raw.id), message, "put it last in the list under `says:`");
            }
        }
    }

    fn id(&mut self, id: &Spanned<String>) {
        let plain = !id.value.is_empty()
            && id.value.split('-').all(|word| {
                !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            });
        if !plain {
            self.error(
                yaml::span(id),
                format!("`{}` is not a rule id", id.value),
                "lower-case words joined by hyphens, such as s3-versioning-enabled",
            );
        }
    }

    pub(super) fn types(&mut self, names: &raw::OneOrMany) -> Vec<&'static ResourceType> {
        let mut found = Vec::new();
        for name in &names.0 {
            match types::find(&name.value) {
                Some(ty) => found.push(ty),
                None => {
                    let help = match suggestion(&name.value, types::ALL.iter().map(|ty| ty.name)) {
                        Some(known) => format!("did you mean `{known}`?"),
                        None => "`sonae rules schema` lists the types that can be judged".to_owned(),
                    };
                    self.error(yaml::span(name), format!("there is no resource type `{}`", name.value), help);
                }
            }
        }
        found
    }

    fn question(&mut self, raw: &raw::Question) -> Option<Question> {
        let fresh_for = match Seconds::parse(&raw.fresh_for.value) {
            Ok(fresh_for) => fresh_for,
            Err(error) => {
                self.error(yaml::span(&raw.fresh_for), error.to_string(), "such as 365d");
                return None;
            }
        };
        Some(Question {
            text: raw.text.clone(),
            evidence: raw.evidence.clone(),
            evidence_required: raw.evidence_required,
            fresh_for,
            fields: raw.fields.iter().map(|(name, field)| (name.clone(), field.ty, field.title.clone())).collect(),
        })
    }

    /// What stands in for each `params.name` of the rule.
    fn params(&mut self, raw: &IndexMap<String, raw::Param>, ty: &'static ResourceType, overrides: &Given) -> Params {
        let mut params = Params::new();
        let none = Params::new();
        for (name, param) in raw {
            let ty_of = declared_type(param.ty);
            let default_span = yaml::span(&param.default);
            let given = overrides.get(name);
            let value = given.map_or(&param.default.value, |given| &given.value);
            let constant = match declared_value(value, param.ty, name) {
                Ok(constant) => constant,
                Err(problem) => {
                    let help = format!("the parameter's type is {ty_of}");
                    match given {
                        Some(given) => self.once(given.error(problem).help(help)),
                        None => self.once(Diagnostic::error(self.file, default_span, problem).help(help)),
                    }
                    // Null compares with everything, so that one problem is not reported twice.
                    params.insert(name.clone(), (Node { kind: Kind::Constant(Value::Null), span: 0..0 }, ty_of));
                    continue;
                }
            };
            let constant = Node { kind: Kind::Constant(constant), span: 0..0 };
            let scope = Scope { resource: ty, params: &none, answer: &[] };
            let node = match &param.from {
                Some(text) if !overrides.contains_key(name) => match self.expression(text, &scope) {
                    Some(from) if from.ty.comparable(&ty_of) => {
                        Node { kind: Kind::Coalesce(Box::new(from.root), Box::new(constant)), span: 0..0 }
                    }
                    Some(from) => {
                        let help = format!("the parameter's type is {ty_of}");
                        self.error(yaml::span(text), format!("this is {}", from.ty.with_article()), help);
                        continue;
                    }
                    None => continue,
                },
                _ => constant,
            };
            params.insert(name.clone(), (node, ty_of));
        }
        for (name, given) in overrides.iter().filter(|(name, _)| !raw.contains_key(*name)) {
            let help = match suggestion(name, raw.keys().map(String::as_str)) {
                Some(known) => format!("did you mean `{known}`?"),
                None if raw.is_empty() => "it has none".to_owned(),
                None => format!("it has {}", raw.keys().cloned().collect::<Vec<_>>().join(", ")),
            };
            self.once(given.error(format!("the rule has no parameter `{name}`")).help(help));
        }
        params
    }

    pub(super) fn expression(&mut self, text: &Spanned<String>, scope: &Scope<'_>) -> Option<Expression> {
        match lower(&text.value, scope) {
            Ok(expression) => Some(expression),
            Err(problems) => {
                for problem in problems {
                    let span = self.place(text, &problem.span);
                    let mut diagnostic = Diagnostic::error(self.file, span, problem.message);
                    diagnostic.help = problem.help;
                    // A rule on several types has the same problem for each.
                    if !self
                        .problems
                        .iter()
                        .any(|known| known.span == diagnostic.span && known.message == diagnostic.message)
                    {
                        self.problems.push(diagnostic);
                    }
                }
                None
            }
        }
    }

    pub(super) fn condition(&mut self, text: &Spanned<String>, scope: &Scope<'_>) -> Option<Expression> {
        let expression = self.expression(text, scope)?;
        if expression.ty.comparable(&Ty::Bool) {
            return Some(expression);
        }
        self.error(
            yaml::span(text),
            format!("this yields {}, and a condition is needed", expression.ty.with_article()),
            "compare it with something",
        );
        None
    }

    /// The bytes of the file behind bytes of an expression: the same for a plain or quoted scalar, line by line for a
    /// folded or literal block.
    fn place(&self, text: &Spanned<String>, span: &Range<usize>) -> Range<usize> {
        let whole = yaml::span(text);
        let source = &self.file.text;
        let mut at = whole.start;
        let (mut start, mut end) = (None, None);
        for (index, character) in text.value.char_indices() {
            let rest = source.get(at..).unwrap_or_default();
            // Line breaks and indentation of a block stand for one space or line break of the value.
            let skip = if character.is_whitespace() {
                rest.find(|found: char| found.is_whitespace())
            } else {
                rest.find(character)
            };
            let Some(skip) = skip else { break };
            at += skip;
            if index >= span.start && start.is_none() {
                start = Some(at);
            }
            at += source[at..].chars().next().map_or(1, char::len_utf8);
            if index < span.end {
                end = Some(at);
            }
        }
        match (start, end) {
            (Some(start), Some(end)) if start < end => start..end,
            _ => whole,
        }
    }

    /// `{name}` in a sentence must be a named value of the evidence.
    fn says(&mut self, raw: &raw::Rule) {
        let kinds = [&raw.says.pass, &raw.says.fail, &raw.says.not_applicable, &raw.says.contradicted];
        for text in kinds.into_iter().flat_map(|kind| &kind.0) {
            for sentence in [&text.ja, &text.en] {
                for name in placeholders(sentence) {
                    if raw.evidence.contains_key(name) {
                        continue;
                    }
                    let help = match suggestion(name, raw.evidence.keys().map(String::as_str)) {
                        Some(known) => format!("did you mean `{{{known}}}`?"),
                        None => format!("add `{name}:` to `evidence`"),
                    };
                    let marked = format!("{{{name}}}");
                    let start = self.file.text.find(&marked).unwrap_or(0);
                    self.error(start..start + marked.len(), format!("there is no evidence `{name}` to put here"), help);
                }
            }
        }
    }

    fn example_coverage(&mut self, raw: &raw::Rule) {
        use crate::model::Status;
        // A declared objective is never unknown: what a manifest does not say is null.
        let declared = raw.ty.0.iter().all(|name| types::find(&name.value).is_none_or(|ty| ty.listed_by.is_none()));
        let needed: &[Status] = match (&raw.question, declared) {
            (Some(_), _) => &[Status::Pass, Status::Manual],
            (None, true) if raw.severity == crate::model::Severity::Info => &[Status::Pass],
            (None, true) => &[Status::Pass, Status::Fail],
            (None, false) if raw.severity == crate::model::Severity::Info => &[Status::Pass, Status::Unknown],
            (None, false) => &[Status::Pass, Status::Fail, Status::Unknown],
        };
        for status in needed {
            if !raw.examples.iter().any(|example| example.expect == *status) {
                self.error(
                    yaml::span(&raw.id),
                    format!("no example of the rule expects `{}`", status.as_str()),
                    "add one to `examples`: they are the rule's tests",
                );
            }
        }
    }

    pub(super) fn example_problem(&mut self, message: String, span: &Range<usize>) {
        self.problems.push(
            Diagnostic::error(self.file, span.clone(), message)
                .label("in this example")
                .help("write values as the field's type needs them: 7d, 2026-01-15T00:00:00Z, {$unknown: denied}"),
        );
    }

    /// The resource of an example, and the workload that owns it.
    pub(super) fn example_world(
        &mut self,
        ty: &'static ResourceType,
        resource: &Map<String, Json>,
        workload: &Map<String, Json>,
        objectives: &Map<String, Json>,
        span: &Range<usize>,
    ) -> (Resource, Value) {
        let mut problem = |message: String| self.example_problem(message, span);
        let mut fields = resource.clone();
        let mut resource = Resource::new(ty, "111111111111", "ap-northeast-1", "example");
        for (name, root) in [("id", 0), ("name", 1), ("arn", 2), ("account", 3), ("region", 4)] {
            let Some(text) = fields.remove(name) else { continue };
            let Some(text) = text.as_str() else {
                problem(format!("resource.{name}: expected a text"));
                continue;
            };
            match root {
                0 => resource.id = text.into(),
                1 => resource.name = text.into(),
                2 => resource.arn = text.into(),
                3 => resource.account = text.into(),
                _ => resource.region = text.into(),
            }
        }
        match fields_from_json(ty.fields, &fields, "resource") {
            Ok(fields) => resource.fields = fields.into(),
            Err(error) => problem(error.to_string()),
        }
        let mut declared: Json = serde_json::from_str(EXAMPLE_WORKLOAD).unwrap_or_default();
        merge(&mut declared, workload);
        merge(&mut declared["objectives"], objectives);
        let workload =
            match declared.as_object().map(|fields| fields_from_json(WORKLOAD_RECORD.fields, fields, "workload")) {
                Some(Ok(fields)) => Value::Record(fields.into()),
                Some(Err(error)) => {
                    problem(error.to_string());
                    Value::Null
                }
                None => Value::Null,
            };
        // What is declared of a workload is what rules see as `workload`.
        if *ty == types::workload::WORKLOAD
            && let Value::Record(declared) = &workload
        {
            resource.fields[..declared.len()].clone_from_slice(declared);
        }
        (resource, workload)
    }

    fn example(&mut self, raw: &raw::Example, types: &[&'static ResourceType], rule: &raw::Rule) -> Option<Example> {
        let span = yaml::span(&raw.name);
        let target = match &raw.ty {
            None => 0,
            Some(name) => match types.iter().position(|ty| ty.name == name) {
                Some(target) => target,
                None => {
                    self.error(span, format!("the rule does not judge `{name}`"), "name one of its types");
                    return None;
                }
            },
        };
        let ty = *types.get(target)?;
        let (resource, workload) = self.example_world(ty, &raw.resource, &raw.workload, &raw.objectives, &span);
        let mut problem = |message: String| self.example_problem(message, &span);
        let answer = raw.answer.as_ref().and_then(|answer| {
            let question = rule.question.as_ref()?;
            let mut fields = Vec::new();
            for (name, field) in &question.fields {
                match answer.fields.get(name).map_or(Ok(Value::Null), |value| declared_value(value, field.ty, name)) {
                    Ok(value) => fields.push(value),
                    Err(error) => problem(error),
                }
            }
            if let Some(name) = answer.fields.keys().find(|name| !question.fields.contains_key(*name)) {
                problem(format!("the question has no fact `{name}`"));
            }
            fields.push(Value::str(answer.status.as_str()));
            Some(Answer {
                status: answer.status,
                answered_at: answer.answered_at,
                next_review: None,
                has_text: true,
                has_evidence: !answer.evidence.is_empty(),
                defect: None,
                architecture: answer.architecture.clone(),
                fields,
            })
        });
        Some(Example {
            name: raw.name.value.clone(),
            target,
            own_target: None,
            resource,
            workload,
            answer,
            expect: raw.expect,
            given: given(raw),
            span,
        })
    }
}

/// What an example states, by where it states it.
fn given(raw: &raw::Example) -> Map<String, Json> {
    let answer = raw.answer.as_ref().map(|answer| {
        let mut stated = Map::new();
        stated.insert("status".to_owned(), serde_json::to_value(answer.status).unwrap_or_default());
        stated.insert("answered_at".to_owned(), answer.answered_at.to_string().into());
        if !answer.evidence.is_empty() {
            stated.insert("evidence".to_owned(), answer.evidence.clone().into());
        }
        if let Some(architecture) = &answer.architecture {
            stated.insert(ARCHITECTURE.to_owned(), architecture.clone().into());
        }
        stated.extend(answer.fields.clone());
        stated
    });
    let parts = [
        ("resource", raw.resource.clone()),
        ("workload", raw.workload.clone()),
        ("objectives", raw.objectives.clone()),
        ("params", raw.params.clone()),
        ("answer", answer.unwrap_or_default()),
    ];
    let stated = parts.into_iter().filter(|(_, values)| !values.is_empty());
    stated.map(|(name, values)| (name.to_owned(), Json::Object(values))).collect()
}

/// The names in braces of a sentence.
fn placeholders(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// The facts of an answer, and how far people are.
fn answer_fields(question: &raw::Question) -> impl Iterator<Item = (String, Ty)> + '_ {
    let facts = question.fields.iter().map(|(name, field)| (name.clone(), declared_type(field.ty)));
    facts.chain([(STATUS.to_owned(), Ty::Str(Some(&AnswerStatus::WORDS)))])
}

fn declared_type(ty: ParamType) -> Ty {
    match ty {
        ParamType::Bool => Ty::Bool,
        ParamType::Int => Ty::Int,
        ParamType::String => Ty::Str(None),
        ParamType::Duration => Ty::Duration,
        ParamType::Timestamp => Ty::Timestamp,
        ParamType::Strings => Ty::List(Some(Box::new(Ty::Str(None)))),
    }
}

/// A value that people wrote for a parameter or a fact. A date stands for its beginning, UTC.
///
/// # Errors
/// Why it does not fit.
pub fn declared_value(json: &Json, ty: ParamType, name: &str) -> Result<Value, String> {
    let ty = match ty {
        ParamType::Bool => Type::Bool,
        ParamType::Int => Type::Int,
        ParamType::String => Type::Str,
        ParamType::Duration => Type::Duration,
        ParamType::Timestamp => {
            if let Some(date) = json.as_str().and_then(|text| text.parse::<jiff::civil::Date>().ok())
                && !json.as_str().is_some_and(|text| text.contains('T'))
                && let Ok(midnight) = date.to_zoned(jiff::tz::TimeZone::UTC)
            {
                return Ok(Value::Timestamp(midnight.timestamp()));
            }
            Type::Timestamp
        }
        ParamType::Strings => Type::List(&Type::Str),
    };
    from_json(json, ty, name).map_err(|error| error.to_string())
}

/// Changes some keys of an object, at any depth.
fn merge(base: &mut Json, changes: &Map<String, Json>) {
    for (name, change) in changes {
        match (base.get_mut(name), change) {
            (Some(inner @ Json::Object(_)), Json::Object(changes)) => merge(inner, changes),
            _ => {
                if let Json::Object(entries) = base {
                    entries.insert(name.clone(), change.clone());
                }
            }
        }
    }
}
