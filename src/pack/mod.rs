//! Pack: the audit pack, one zip archive that proves by digests what it holds.
//!
//! ```text
//! reports/<language>/   the reports
//! snapshot/             the snapshot, as it is on disk
//! inputs/               what it was judged with: manifest, answers, waivers, own rules, what Terraform owns, history
//! rules/                the texts of our rules that judged it, and of the recovery mechanisms
//! pack.json             size and SHA-256 of every other file, and the digest of that list
//! ```
//!
//! The same content gives the same bytes: names in order, the time of the snapshot, one mode for every file.

mod read;
mod write;

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::Language;

pub use read::{Pack, Problem};
pub use write::{Source, write};

/// The schema of `pack.json`. Readers accept this one only; a new one gets a new number.
pub const SCHEMA: &str = "sonae.pack/1";
/// The list of what a pack holds.
pub const LIST: &str = "pack.json";
/// Where the reports are.
pub const REPORTS: &str = "reports/";
/// Where the snapshot is.
pub const SNAPSHOT: &str = "snapshot/";
/// Where the inputs of the judgement are.
pub const INPUTS: &str = "inputs/";

/// `pack.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The version of the program that wrote the pack, whose rules judged.
    pub sonae: String,
    /// The organisation's name, from the manifest.
    pub organization: String,
    /// The snapshot.
    pub snapshot: PackedSnapshot,
    /// The languages of the reports.
    pub languages: Vec<Language>,
    /// The rules that judged, in the order of the checklist, then by type what brings its stores back.
    pub rules: Vec<PackedRule>,
    /// Every file but this one, by path.
    pub files: Vec<PackedFile>,
    /// The SHA-256 of the list of files, in the lines that `sha256sum` prints.
    pub digest: String,
}

/// The snapshot of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedSnapshot {
    /// When the scan started.
    pub taken_at: Timestamp,
    /// SHA-256 over the digests of all partitions, as reports show it.
    pub digest: String,
}

/// A rule that judged, or what brings the stores of a type back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedRule {
    /// The rule's id or the type.
    pub id: String,
    /// The file in the pack that holds it.
    pub path: String,
    /// The SHA-256 of that file.
    pub sha256: String,
}

/// A file of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedFile {
    /// Its path in the archive.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// What can go wrong with a pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The file system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was to be done.
        action: &'static str,
        /// To which file.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: std::io::Error,
    },
    /// The archive cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The pack.
        path: PathBuf,
        /// What the archive refused.
        #[source]
        source: zip::result::ZipError,
    },
    /// The list cannot be written.
    #[error("cannot write the list of files")]
    List(#[from] serde_json::Error),
    /// It is no archive, or one that is cut off.
    #[error("{} is no pack: it is no zip archive, or it is cut off or damaged", path.display())]
    NoArchive {
        /// The file.
        path: PathBuf,
        /// What is wrong with the archive.
        #[source]
        source: zip::result::ZipError,
    },
    /// The archive has no readable list.
    #[error("{} is no pack: {problem}", path.display())]
    NoList {
        /// The file.
        path: PathBuf,
        /// What is wrong with the list.
        problem: String,
    },
    /// The list is of another schema.
    #[error("{}: the schema is `{found}`, and this version of sonae reads `{SCHEMA}`", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// What the list says; empty when it says nothing.
        found: String,
    },
    /// A file of the pack that is needed is not as the list says.
    #[error("{}: {file} is missing, or not the one in {LIST}; `sonae verify` tells what is wrong", path.display())]
    File {
        /// The pack.
        path: PathBuf,
        /// The file in it.
        file: String,
    },
}

/// The SHA-256 as people write it.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of a list of files: of the lines that `sha256sum` prints for them, in their order.
pub fn digest(files: &[PackedFile]) -> String {
    let lines: String = files.iter().map(|file| format!("{}  {}\n", file.sha256, file.path)).collect();
    sha256(lines.as_bytes())
}

/// The SHA-256 of a whole file, however large.
///
/// # Errors
/// It cannot be read.
pub fn sha256_of(file: &mut std::fs::File) -> std::io::Result<String> {
    write::copy(file, &mut std::io::sink()).map(|(_, sha256)| sha256)
}
