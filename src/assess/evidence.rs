//! What proves an answer: links, and files with their digest.
//!
//! A file is looked at when the inputs of a run are read, and a snapshot keeps what was found: the same snapshot gives the
//! same verdicts, wherever it is assessed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;
use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostic, SourceFile};
use crate::rules::{EvidenceDefect, EvidenceProblem};
use crate::yaml;

/// What proves an answer.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// A link, or a few words that lead to the proof.
    Link(String),
    /// A file that stays beside the answers.
    File(FileEvidence),
}

/// `{ file: runbooks/rds.pdf, sha256: 9f86... }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEvidence {
    /// Its path, relative to the answers file.
    pub file: Spanned<String>,
    /// Its SHA-256 when the answer was given: 64 hexadecimal digits. Without one, the file counts as it is.
    pub sha256: Option<Spanned<String>>,
}

// By hand, since serde's untagged enums lose the place of values and name neither form in their errors.
impl<'de> Deserialize<'de> for Evidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Shape;
        impl<'de> Visitor<'de> for Shape {
            type Value = Evidence;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a link, or a file as { file: runbooks/rds.pdf, sha256: ... }")
            }
            fn visit_str<E: de::Error>(self, link: &str) -> Result<Evidence, E> {
                Ok(Evidence::Link(link.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Evidence, A::Error> {
                Deserialize::deserialize(de::value::MapAccessDeserializer::new(map)).map(Evidence::File)
            }
        }
        deserializer.deserialize_any(Shape)
    }
}

impl Evidence {
    /// In one line: the link, or `runbooks/rds.pdf sha256:9f86...` with the digest that is stated, else the one that was
    /// found, so that people can add it.
    pub fn line(&self, files: &EvidenceFiles) -> String {
        match self {
            Evidence::Link(link) => link.clone(),
            Evidence::File(FileEvidence { file, sha256 }) => {
                let digest = sha256.as_ref().map(|stated| stated.value.to_lowercase());
                match digest.or_else(|| files.digest(&file.value).map(str::to_owned)) {
                    Some(digest) => format!("{} sha256:{digest}", file.value),
                    None => file.value.clone(),
                }
            }
        }
    }

    /// The path and the digest of such a line, if it names a file: what [`line`](Self::line) writes is read back.
    pub fn file_of_line(line: &str) -> Option<(&str, &str)> {
        let (file, digest) = line.rsplit_once(" sha256:")?;
        (!file.is_empty() && is_digest(digest)).then_some((file, digest))
    }
}

impl FileEvidence {
    /// What is wrong with the entry itself, whatever the file holds.
    pub(super) fn check(&self, answers: &SourceFile, problems: &mut Vec<Diagnostic>) {
        let path = &self.file.value;
        if path.trim().is_empty() || Path::new(path).is_absolute() {
            problems.push(
                Diagnostic::error(answers, yaml::span(&self.file), format!("`{path}` is no path beside the answers"))
                    .help("write it relative to this file, such as runbooks/rds.pdf"),
            );
        }
        if let Some(digest) = self.sha256.as_ref().filter(|digest| !is_digest(&digest.value)) {
            problems.push(
                Diagnostic::error(answers, yaml::span(digest), format!("`{}` is not a SHA-256", digest.value))
                    .help("it has 64 hexadecimal digits, as `sha256sum FILE` prints them; or leave it out"),
            );
        }
    }

    /// What is wrong with the file, with a warning at its place.
    pub(super) fn compare(
        &self,
        answers: &SourceFile,
        files: &EvidenceFiles,
        warnings: &mut Vec<Diagnostic>,
    ) -> Option<EvidenceProblem> {
        let path = &self.file.value;
        let (defect, warning) = match (files.0.get(path), &self.sha256) {
            (Some(Found::Sha256(_)), None) => return None,
            (Some(Found::Sha256(found)), Some(stated)) if stated.value.eq_ignore_ascii_case(found) => return None,
            (Some(Found::Sha256(found)), Some(stated)) => (
                EvidenceDefect::Changed,
                Diagnostic::warning(
                    answers,
                    yaml::span(stated),
                    format!("the evidence {path} has changed: its SHA-256 is {found}"),
                )
                .help("look at the change; if the answer still holds, write that digest and a new `answered_at`"),
            ),
            (Some(Found::Unreadable), _) => (
                EvidenceDefect::Unreadable,
                Diagnostic::warning(answers, yaml::span(&self.file), format!("the evidence {path} cannot be read"))
                    .help("it must be a file that the one who runs Sonae may read"),
            ),
            (Some(Found::Missing) | None, _) => (
                EvidenceDefect::Missing,
                Diagnostic::warning(answers, yaml::span(&self.file), format!("the evidence {path} is missing"))
                    .help("put the file there, or correct the path: it is relative to this file"),
            ),
        };
        warnings.push(warning);
        Some(EvidenceProblem { file: path.as_str().into(), defect })
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What was found of the files that answers name, by path as the answers write it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EvidenceFiles(BTreeMap<String, Found>);

/// What was found of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Found {
    /// Its digest.
    Sha256(String),
    /// There is none.
    Missing,
    /// It is no file, or may not be read.
    Unreadable,
}

/// The part of an answers file that names evidence.
#[derive(Deserialize)]
struct AnswersFile {
    #[serde(default)]
    answers: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    evidence: Vec<Evidence>,
}

impl EvidenceFiles {
    /// Looks at the files that an answers file names. What is wrong with the answers file itself is found when it is
    /// checked.
    pub fn read(answers: &SourceFile) -> Self {
        let Ok(raw) = yaml::parse::<AnswersFile>(answers) else { return Self::default() };
        let directory = answers.path.parent().unwrap_or(Path::new(""));
        let evidence = raw.answers.into_iter().flat_map(|entry| entry.evidence);
        let files = evidence.filter_map(|evidence| match evidence {
            Evidence::File(file) => Some(file.file.value),
            Evidence::Link(_) => None,
        });
        Self(
            files
                .map(|path| {
                    let found = look(&directory.join(&path));
                    (path, found)
                })
                .collect(),
        )
    }

    /// The SHA-256 of a file, for answers that are to name it.
    ///
    /// # Errors
    /// It is no file, or may not be read.
    pub fn digest_of(path: &Path) -> io::Result<String> {
        digest(path)
    }

    /// Whether no answer names a file.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a snapshot keeps it.
    pub fn keep(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From what a snapshot kept.
    ///
    /// # Errors
    /// Somebody changed it.
    pub fn kept(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    fn digest(&self, path: &str) -> Option<&str> {
        match self.0.get(path) {
            Some(Found::Sha256(digest)) => Some(digest),
            _ => None,
        }
    }
}

fn look(path: &Path) -> Found {
    match digest(path) {
        Ok(digest) => Found::Sha256(digest),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Found::Missing,
        Err(_) => Found::Unreadable,
    }
}

/// The SHA-256 of a file, read in pieces: a recording of a drill can be large.
fn digest(path: &Path) -> io::Result<String> {
    // A pipe or a device would keep the run waiting.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => hasher.update(&piece[..read]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 of the text "test".
    const TEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn files_are_found_beside_the_answers() {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("runbooks")).unwrap();
        std::fs::write(place.path().join("runbooks/rds.pdf"), "test").unwrap();
        let text = "answers:\n  - rule: a\n    evidence: [{ file: runbooks/rds.pdf }, { file: gone.pdf }, { file: runbooks }, \
                    \"https://wiki.example.com\"]\n";
        let files = EvidenceFiles::read(&SourceFile::new(place.path().join("answers.yaml"), text));
        assert_eq!(
            files.keep(),
            format!(r#"{{"gone.pdf":"missing","runbooks":"unreadable","runbooks/rds.pdf":{{"sha256":"{TEST}"}}}}"#)
        );
        assert_eq!(EvidenceFiles::kept(&files.keep()).unwrap(), files);
    }

    #[test]
    fn a_line_is_read_back() {
        let line = format!("run books/rds.pdf sha256:{TEST}");
        assert_eq!(Evidence::file_of_line(&line), Some(("run books/rds.pdf", TEST)));
        for link in ["https://wiki.example.com/a?sha256:b", "runbooks/rds.pdf", &format!(" sha256:{TEST}")] {
            assert_eq!(Evidence::file_of_line(link), None);
        }
    }
}
