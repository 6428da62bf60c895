//! `sonae rules`: browse, explain and test rules.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::anyhow;

use super::args::{RuleSelection, Rules, Terminal};
use super::docs;
use super::exit::{self, Blame, Failure};
use super::inputs::select;
use crate::collect::Plan;
use crate::diagnostic::Diagnostics;
use crate::judge::examples::run_examples;
use crate::manifest::Manifest;
use crate::model::Language;
use crate::model::schema::Source;
use crate::rules::{Overrides, Rule, RuleSet, raw, read_directory};

/// Runs the command.
pub fn run(command: &Rules, terminal: Terminal) -> Result<ExitCode, Failure> {
    match command {
        Rules::List(selection) => print(&list(selection)?),
        Rules::Show { id, lang, manifest } => print(&show(id, (*lang).into(), manifest.as_deref())?),
        Rules::Test { dir } => test(dir.as_deref(), terminal),
        Rules::Docs { out, manifest } => docs::write(&load(manifest.as_deref())?, out, terminal),
        Rules::Schema => {
            let schema = serde_json::to_string_pretty(&schemars::schema_for!(raw::Rule)).run()?;
            print(&format!("{schema}\n"))
        }
    }
}

fn print(text: &str) -> Result<ExitCode, Failure> {
    super::print(text)?;
    Ok(ExitCode::from(exit::CLEAN))
}

/// Our rules and those that a manifest names.
fn load(manifest: Option<&Path>) -> Result<RuleSet, Failure> {
    let Some(path) = manifest else { return RuleSet::load(&[], &Overrides::new()).configuration() };
    let manifest = Manifest::read(path).configuration()?;
    let mut files = Vec::new();
    for directory in &manifest.rules.dirs {
        files.extend(read_directory(&manifest.resolve(directory)).configuration()?);
    }
    RuleSet::load(&files, &manifest.rules.params).configuration()
}

fn list(selection: &RuleSelection) -> Result<String, Failure> {
    let rules = select(&load(selection.manifest.as_deref())?, &selection.select)?;
    let language = selection.lang.into();
    let width = rules.rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in &rules.rules {
        let _ = writeln!(out, "{:width$}  {:8}  {}", rule.id, rule.severity.as_str(), rule.title.get(language));
    }
    let _ = writeln!(out, "\n{}", rules.rules.len());
    Ok(out)
}

fn show(id: &str, language: Language, manifest: Option<&Path>) -> Result<String, Failure> {
    let rules = load(manifest)?;
    let Some(rule) = rules.get(id) else {
        return Err(Failure::Configuration(match rules.suggest(id) {
            Some(known) => anyhow!("there is no rule `{id}`; did you mean `{known}`?"),
            None => anyhow!("there is no rule `{id}`; `sonae rules list` names them all"),
        }));
    };
    Ok(explain(rule, language))
}

/// A rule on one screen.
fn explain(rule: &Rule, language: Language) -> String {
    let word = |ja: &'static str, en: &'static str| match language {
        Language::Ja => ja,
        Language::En => en,
    };
    let mut out = String::new();
    let mut section = |title: &str, body: &str| {
        if !body.trim().is_empty() {
            let body: String = body.trim_end().lines().map(|line| format!("  {line}\n")).collect();
            let _ = write!(out, "\n{title}\n{body}");
        }
    };
    let title = format!(
        "{}\n{} | {} | {}",
        rule.title.get(language),
        rule.id,
        rule.category.title(language),
        rule.severity.as_str()
    );
    section(&title, rule.why.get(language));
    if let Some(question) = &rule.question {
        section(word("質問", "Question"), question.text.get(language));
        section(word("根拠", "Evidence"), question.evidence.get(language));
    }
    for target in &rule.targets {
        let mut body = String::new();
        for (name, expression) in [("when", &target.when), ("pass", &target.pass), ("accept", &target.accept)] {
            if let Some(expression) = expression {
                let _ = writeln!(body, "{name}: {}", expression.text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        for (name, expression) in &target.evidence {
            let _ = writeln!(body, "evidence {name}: {}", expression.text);
        }
        let mut sources: Vec<String> = Vec::new();
        for expression in target.expressions() {
            expression.resource_slots(|slot| {
                let field = &target.ty.fields[slot];
                let source = match field.source {
                    Source::Api(operation) => operation.to_string(),
                    Source::Derived(_) => word("他のフィールドから算出", "derived from other fields").to_owned(),
                    Source::Declared | Source::Part => word("マニフェスト", "the manifest").to_owned(),
                };
                let line = format!("{}: {} <- {source}", field.name, field.doc);
                if !sources.contains(&line) {
                    sources.push(line);
                }
            });
        }
        section(target.ty.name, &format!("{body}\n{}", sources.join("\n")));
    }
    let operations: Vec<String> = rule_plan(rule).operations().iter().map(ToString::to_string).collect();
    section(word("呼び出すAPI", "AWS operations"), &operations.join("\n"));
    let params: Vec<String> = rule
        .params
        .iter()
        .map(|(name, param)| {
            let from = param.from.as_ref().map(|from| format!(" <- {}", from.value)).unwrap_or_default();
            format!("{name} = {}{from}: {}", param.default.value, param.title.get(language))
        })
        .collect();
    section(word("パラメーター", "Parameters"), &params.join("\n"));
    let remediation = &rule.remediation;
    section(word("是正方法", "Remediation"), remediation.text.get(language));
    section("AWS CLI", &remediation.cli);
    section("Terraform", &remediation.terraform);
    section("CloudFormation", &remediation.cloudformation);
    let impact: Vec<String> = [
        (word("停止時間", "downtime"), &remediation.impact.downtime),
        (word("費用", "cost"), &remediation.impact.cost),
        (word("試験方法", "how to test"), &remediation.impact.test),
    ]
    .into_iter()
    .filter_map(|(name, text)| Some(format!("{name}: {}", text.as_ref()?.get(language))))
    .collect();
    section(word("影響", "Impact"), &impact.join("\n"));
    let maps: Vec<String> =
        rule.mappings().into_iter().map(|(framework, ids)| format!("{framework}: {}", ids.join(", "))).collect();
    section(word("対応する項目", "Mappings"), &maps.join("\n"));
    section(word("出典", "Sources"), &rule.sources.join("\n"));
    out.trim_start().to_owned()
}

/// The calls that a rule needs by itself, without second opinions.
pub(super) fn rule_plan(rule: &Rule) -> Plan {
    let mut plan = Plan::default();
    for target in &rule.targets {
        plan.add_target(target);
    }
    plan
}

fn test(directory: Option<&Path>, terminal: Terminal) -> Result<ExitCode, Failure> {
    let rules = match directory {
        Some(directory) => {
            if !directory.is_dir() {
                let error =
                    anyhow!("{} is no directory; name one with rule files ending in .yaml", directory.display());
                return Err(Failure::Configuration(error));
            }
            let files = read_directory(directory).configuration()?;
            if files.is_empty() {
                let error = anyhow!("{} holds no rule file ending in .yaml", directory.display());
                return Err(Failure::Configuration(error));
            }
            RuleSet::parse(&files, &Overrides::new()).configuration()?
        }
        None => RuleSet::load(&[], &Overrides::new()).configuration()?,
    };
    let run = run_examples(&rules);
    let failed = run.failed.len();
    if !terminal.quiet {
        print(&format!("{} rules, {} examples hold, {failed} do not\n", rules.rules.len(), run.passed))?;
    }
    if failed == 0 { Ok(ExitCode::from(exit::CLEAN)) } else { Err(Diagnostics(run.failed)).configuration() }
}
