//! The files of a run: manifest, answers, waivers and own rules, from disk or from the snapshot that was made with them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, anyhow};

use super::args::Select;
use super::exit::{Blame, Failure};
use super::sources;
use crate::assess::answers::Answers;
use crate::assess::evidence::EvidenceFiles;
use crate::assess::model::TrendPoint;
use crate::assess::waivers::Waivers;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile, suggestion};
use crate::manifest::Manifest;
use crate::manifest::terraform::States;
use crate::model::Severity;
use crate::rules::{Framework, RuleSet, read_directory};

pub(super) const MANIFEST: &str = "sonae.yaml";
pub(super) const ANSWERS: &str = "answers.yaml";
pub(super) const WAIVERS: &str = "waivers.yaml";
/// Rules are kept as `rule.0001.<file name>`, so that their order stays.
const RULE: &str = "rule.";
/// What Terraform owns, without the secrets of its state.
const TERRAFORM: &str = "terraform.json";
/// What earlier reports add to the trend.
const HISTORY: &str = "history.json";

/// What was found of the files that prove answers.
const EVIDENCE: &str = "evidence.json";

/// The texts of a run's files.
#[derive(Debug, Default)]
pub struct Files {
    manifest: Option<SourceFile>,
    answers: Option<SourceFile>,
    evidence: EvidenceFiles,
    waivers: Option<SourceFile>,
    rules: Vec<SourceFile>,
    terraform: States,
    history: Vec<TrendPoint>,
}

/// What the files mean.
#[derive(Debug)]
pub struct Inputs {
    /// What was promised.
    pub manifest: Manifest,
    /// The rules that were selected.
    pub rules: RuleSet,
    /// What people said.
    pub answers: Answers,
    /// What people accepted.
    pub waivers: Waivers,
    /// What Terraform owns.
    pub terraform: States,
    /// Earlier reports, for the trend.
    pub history: Vec<TrendPoint>,
}

impl Inputs {
    /// What is odd about the files but does not stop the run.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.manifest.warnings.iter().chain(&self.answers.warnings).chain(&self.waivers.warnings)
    }
}

impl Files {
    /// Reads them from disk: the manifest, and what it names.
    pub fn from_disk(path: Option<&Path>) -> Result<Self, Failure> {
        let path = match path {
            Some(path) => path,
            None if Path::new(MANIFEST).exists() => Path::new(MANIFEST),
            None => return Ok(Self::default()),
        };
        let file = SourceFile::read(path).configuration()?;
        let manifest = Manifest::parse(&file).configuration()?;
        let named = |path: Option<&Path>, key: &str| -> Result<Option<SourceFile>, Failure> {
            path.map(|path| {
                SourceFile::read(&manifest.resolve(path))
                    .with_context(|| format!("the manifest names it under `{key}`"))
                    .configuration()
            })
            .transpose()
        };
        let mut rules = Vec::new();
        for directory in &manifest.rules.dirs {
            rules.extend(
                read_directory(&manifest.resolve(directory))
                    .context("the manifest names it under `rules.dirs`")
                    .configuration()?,
            );
        }
        let mut terraform = States::default();
        for path in &manifest.terraform_states {
            terraform
                .read(&manifest.resolve(path))
                .context("the manifest names it under `iac.terraform_states`")
                .configuration()?;
        }
        let mut history = Vec::new();
        for path in &manifest.history {
            history.extend(
                sources::history(&manifest.resolve(path))
                    .context("the manifest names it under `history`")
                    .configuration()?,
            );
        }
        let answers = named(manifest.answers.as_deref(), "answers")?;
        Ok(Self {
            evidence: answers.as_ref().map(EvidenceFiles::read).unwrap_or_default(),
            answers,
            waivers: named(manifest.waivers.as_deref(), "waivers")?,
            manifest: Some(file),
            rules,
            terraform,
            history,
        })
    }

    /// Takes them from a snapshot.
    pub fn from_snapshot(inputs: &BTreeMap<String, Vec<u8>>) -> Result<Self, Failure> {
        let mut files = Self::default();
        for (name, bytes) in inputs {
            let text = String::from_utf8(bytes.clone())
                .map_err(|_| anyhow!("{name} in the snapshot is not UTF-8"))
                .configuration()?;
            let file = SourceFile::new(name, &text);
            match name.as_str() {
                MANIFEST => files.manifest = Some(file),
                ANSWERS => files.answers = Some(file),
                WAIVERS => files.waivers = Some(file),
                EVIDENCE => files.evidence = EvidenceFiles::kept(&file.text).configuration()?,
                TERRAFORM => files.terraform = States::kept(&file.text).configuration()?,
                HISTORY => {
                    files.history =
                        serde_json::from_str(&file.text).with_context(|| HISTORY.to_owned()).configuration()?;
                }
                name if name.starts_with(RULE) => files.rules.push(file),
                _ => {}
            }
        }
        Ok(files)
    }

    /// As a snapshot and a pack keep them.
    pub fn to_snapshot(&self) -> BTreeMap<String, Vec<u8>> {
        let named = [(MANIFEST, &self.manifest), (ANSWERS, &self.answers), (WAIVERS, &self.waivers)];
        let mut inputs: BTreeMap<String, Vec<u8>> = named
            .into_iter()
            .filter_map(|(name, file)| Some((name.to_owned(), file.as_ref()?.text.as_bytes().to_vec())))
            .collect();
        for (number, file) in self.rules.iter().enumerate() {
            let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            inputs.insert(format!("{RULE}{number:04}.{name}"), file.text.as_bytes().to_vec());
        }
        if !self.evidence.is_empty() {
            inputs.insert(EVIDENCE.to_owned(), self.evidence.keep().into_bytes());
        }
        if !self.terraform.is_empty() {
            inputs.insert(TERRAFORM.to_owned(), self.terraform.keep().into_bytes());
        }
        // Numbers and texts: JSON holds them all.
        if let Some(history) = serde_json::to_vec_pretty(&self.history).ok().filter(|_| !self.history.is_empty()) {
            inputs.insert(HISTORY.to_owned(), history);
        }
        inputs
    }

    /// Checks them and selects the rules.
    pub fn check(&self, selection: &Select) -> Result<Inputs, Failure> {
        let manifest = match &self.manifest {
            Some(file) => Manifest::parse(file).configuration()?,
            None => Manifest::without_file(),
        };
        let all = RuleSet::load(&self.rules, &manifest.rules.params).configuration()?;
        let mechanisms =
            || all.recovery.iter().flat_map(|recovery| &recovery.mechanisms).map(|known| known.id.as_str());
        let measured = manifest.workloads.iter().chain([&manifest.default_workload]).flat_map(|own| &own.measured);
        let gone =
            measured.map(|measured| &measured.mechanism).filter(|id| !mechanisms().any(|known| known == id.value));
        let unmeasured = gone.map(|id| {
            let problem = id.error(format!("there is no recovery mechanism `{}`", id.value));
            problem.help(match suggestion(&id.value, mechanisms()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => "reports name the mechanism of every estimate".to_owned(),
            })
        });
        let gone = manifest.rules.disable.iter().filter(|id| all.get(&id.value).is_none());
        let problems: Vec<Diagnostic> = gone
            .map(|id| {
                let problem = id.error(format!("there is no rule `{}` to disable", id.value));
                problem.help(match all.suggest(&id.value) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => "`sonae rules list` names them all".to_owned(),
                })
            })
            .chain(unmeasured)
            .collect();
        if !problems.is_empty() {
            return Err(Diagnostics(problems)).configuration();
        }
        let rules =
            select(&all, selection)?.filter(|rule| !manifest.rules.disable.iter().any(|id| *id.value == *rule.id));
        if rules.rules.is_empty() {
            let error = anyhow!("no rule is selected; `sonae rules list` shows services and severities");
            return Err(Failure::Configuration(error));
        }
        let answers = match &self.answers {
            Some(file) => Answers::parse(file, self.evidence.clone(), &all, &manifest).configuration()?,
            None => Answers::default(),
        };
        let waivers = match &self.waivers {
            Some(file) => Waivers::parse(file, &all).configuration()?,
            None => Waivers::default(),
        };
        Ok(Inputs {
            manifest,
            rules,
            answers,
            waivers,
            terraform: self.terraform.clone(),
            history: self.history.clone(),
        })
    }
}

/// The rules that satisfy everything that the selection says. Refuses what no rule is about: a gate must not silently
/// leave out what it was told to watch.
pub fn select(all: &RuleSet, selection: &Select) -> Result<RuleSet, Failure> {
    let frameworks = Framework::all().run()?;
    let ids: Vec<&str> = all.rules.iter().map(|rule| &*rule.id).collect();
    known("rule", &selection.rule, &ids, || "`sonae rules list` names them all".to_owned())?;
    let services: BTreeSet<&str> = all.rules.iter().flat_map(|rule| rule.services()).collect();
    let services = Vec::from_iter(services);
    known("service", &selection.service, &services, || format!("there are {}", services.join(", ")))?;
    let names: Vec<&str> = frameworks.iter().map(|framework| &*framework.id).collect();
    known("framework", &selection.framework, &names, || format!("there are {}", names.join(", ")))?;
    let frameworks: Vec<&Framework> =
        frameworks.iter().filter(|framework| selection.framework.contains(&framework.id)).collect();
    let severity = selection.severity.map(Severity::from);
    Ok(all.of_services(&selection.service).filter(|rule| {
        (selection.rule.is_empty() || selection.rule.iter().any(|id| **id == *rule.id))
            && severity.is_none_or(|severity| rule.severity >= severity)
            && (frameworks.is_empty() || frameworks.iter().any(|framework| framework.covers(rule)))
    }))
}

/// Refuses the first name that is not known.
fn known(what: &str, given: &[String], known: &[&str], otherwise: impl Fn() -> String) -> Result<(), Failure> {
    let Some(wrong) = given.iter().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
    Err(Failure::Configuration(match suggestion(wrong, known.iter().copied()) {
        Some(known) => anyhow!("there is no {what} `{wrong}`; did you mean `{known}`?"),
        None => anyhow!("there is no {what} `{wrong}`; {}", otherwise()),
    }))
}

impl Inputs {
    /// Whether workloads or waivers are selected by tags, so that tags must be read.
    pub fn select_by_tags(&self) -> bool {
        self.manifest.selects_by_tags() || self.waivers.select_by_tags()
    }
}
