//! The manifest (`sonae.yaml`): which accounts and Regions to read, which workloads there are and what they promised.
//!
//! Read in two steps: [`raw`] is the shape of the file, [`Manifest`] what it means. The second step gathers every
//! problem instead of stopping at the first.

mod raw;
pub mod terraform;
mod validate;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, FileError, Placed, Severity, SourceFile};
use crate::model::types::workload;
use crate::model::{Language, Resource, Seconds, Value};
use crate::yaml;

pub use raw::Manifest as RawManifest;

/// What a manifest means.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The name on the reports.
    pub organization: String,
    /// The language of reports.
    pub language: Language,
    /// Which accounts are read.
    pub accounts: Accounts,
    /// Which Regions are read.
    pub regions: Regions,
    /// The workloads, in the order in which they claim resources.
    pub workloads: Vec<Workload>,
    /// What resources that no workload claims are held to.
    pub default_workload: Workload,
    /// The answers file, relative to the manifest.
    pub answers: Option<PathBuf>,
    /// The waivers file, relative to the manifest.
    pub waivers: Option<PathBuf>,
    /// Rules of the user's own, and what is changed in ours.
    pub rules: Rules,
    /// Terraform state files, relative to the manifest.
    pub terraform_states: Vec<PathBuf>,
    /// Earlier reports and packs, or directories of them, relative to the manifest.
    pub history: Vec<PathBuf>,
    /// What is odd but does not stop the run.
    pub warnings: Vec<Diagnostic>,
    /// The file itself.
    pub source: SourceFile,
}

/// Which accounts are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// Where they come from.
    pub from: AccountSource,
    /// The role to assume in each account: a name or, with the path, `path/name`. None reads with the caller's own
    /// credentials, which is only right for the caller's own account.
    pub role: Option<String>,
    /// The external id for assuming the role.
    pub external_id: Option<String>,
    /// Account ids that are left out.
    pub exclude: Vec<String>,
    /// Only accounts in these organisational units (ids) and below. Empty means all.
    pub include_ous: Vec<String>,
    /// No accounts in these organisational units (ids) and below.
    pub exclude_ous: Vec<String>,
}

/// Where accounts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountSource {
    /// AWS Organizations, asked with the caller's credentials (management account or delegated administrator).
    Organizations,
    /// These account ids.
    List(Vec<String>),
    /// Just the account of the caller.
    Caller,
}

/// Which Regions are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Regions {
    /// Those that are enabled in each account.
    Enabled,
    /// These.
    List(Vec<String>),
}

/// A workload: what it owns and what it promised.
#[derive(Debug, Clone)]
pub struct Workload {
    /// The short name; `default` for what no workload claims.
    pub name: Arc<str>,
    /// Which resources it owns. The default workload owns what is left.
    pub select: Select,
    /// It as a resource of type `Sonae::Workload`, whose fields are what rules see as `workload` and `objectives`.
    pub resource: Resource,
    /// The title in both languages.
    pub title: crate::model::Text,
    /// What the team measured of its recovery. The first that fits a store and mechanism counts.
    pub measured: Vec<Measurement>,
}

/// A figure that a team measured, which wins over what is documented and observed.
#[derive(Debug, Clone)]
pub struct Measurement {
    /// The id of the mechanism, see `rules/recovery/`.
    pub mechanism: Placed<String>,
    /// The stores by name, id or ARN, `*` as a wildcard; none for every store of the workload.
    pub store: Option<String>,
    /// How much data was lost.
    pub rpo: Option<Seconds>,
    /// How long it took.
    pub rto: Option<Seconds>,
    /// On which day, as YYYY-MM-DD.
    pub on: Placed<String>,
    /// The report: a link or a title.
    pub source: String,
}

/// Which resources a workload owns: all that is stated must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Select {
    /// Any of these accounts; empty means every account.
    pub accounts: Vec<String>,
    /// All of these tags, `*` as a wildcard in the value.
    pub tags: BTreeMap<String, String>,
    /// Any of these ARNs, `*` as a wildcard; empty means every ARN.
    pub arns: Vec<String>,
}

impl Workload {
    /// The value of rules' `workload`.
    pub fn value(&self) -> Value {
        Value::Record(Arc::from(&*self.resource.fields))
    }

    /// The value of rules' `objectives`.
    pub fn objectives(&self) -> &Value {
        self.resource.get(crate::slot!(workload::WORKLOAD, "objectives"))
    }
}

/// What the manifest says about rules.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Directories with the user's own rules, relative to the manifest.
    pub dirs: Vec<PathBuf>,
    /// Rule ids that are not judged.
    pub disable: Vec<Placed<String>>,
    /// Values of rule parameters, by rule id and parameter.
    pub params: BTreeMap<String, BTreeMap<String, Placed<serde_json::Value>>>,
}

/// A manifest that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// It has problems.
    #[error(transparent)]
    Invalid(#[from] Diagnostics),
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// The file cannot be read, or all of its problems.
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        Ok(Self::parse(&SourceFile::read(path)?)?)
    }

    /// Checks the text of a manifest.
    ///
    /// # Errors
    /// All of its problems.
    pub fn parse(file: &SourceFile) -> Result<Self, Diagnostics> {
        let raw = yaml::parse(file).map_err(|problem| Diagnostics(vec![*problem]))?;
        let manifest = validate::validate(file, raw);
        if manifest.warnings.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(Diagnostics(manifest.warnings));
        }
        Ok(manifest)
    }

    /// The manifest of somebody who has none: the caller's account, no workloads, no objectives.
    pub fn without_file() -> Self {
        let file = SourceFile::new("(no manifest)", "");
        validate::validate(&file, raw::Manifest::default())
    }

    /// The workload of that name, the default one included.
    pub fn workload(&self, name: &str) -> Option<&Workload> {
        self.workloads.iter().chain([&self.default_workload]).find(|workload| &*workload.name == name)
    }

    /// A path of the manifest, which is relative to the manifest's own directory.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.source.path.parent().unwrap_or(Path::new("")).join(path)
    }

    /// Whether any workload is selected by tags, so that tags must be read.
    pub fn selects_by_tags(&self) -> bool {
        self.workloads.iter().any(|workload| !workload.select.tags.is_empty())
    }
}
