//! Reading a pack that may have been tampered with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use zip::ZipArchive;

use super::write::copy;
use super::{LIST, Listing, PackError, PackedFile, SCHEMA, digest};

/// The largest list that is read: a million files.
const LARGEST_LIST: u64 = 256 << 20;

/// A way in which a pack is not what it says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// The list of files was edited: it does not have the digest that it states.
    List {
        /// The digest that it states.
        expected: String,
        /// The digest that it has.
        found: String,
    },
    /// A path would lead out of the directory into which somebody unpacks.
    Path(String),
    /// The archive has several files of this name, or the list names it twice.
    Duplicate(String),
    /// It is no plain file: a link, a directory or encrypted.
    Kind(String),
    /// The list names it, and the archive does not have it.
    Missing(String),
    /// The archive has it, and the list does not name it.
    Additional(String),
    /// Its size is another one.
    Size {
        /// The file.
        path: String,
        /// The size in the list.
        expected: u64,
        /// Its size; none when it is larger than the list says, since no more of it is read.
        found: Option<u64>,
    },
    /// Its bytes are others.
    Changed {
        /// The file.
        path: String,
        /// The digest in the list.
        expected: String,
        /// The digest that it has.
        found: String,
    },
    /// It cannot be unpacked.
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        cause: String,
    },
    /// Bytes before the archive or a comment after it, which belong to no file.
    Stray,
    /// The snapshot does not hold together.
    Snapshot(String),
    /// The snapshot is not the one that the list names.
    OtherSnapshot {
        /// The digest in the list.
        expected: String,
        /// The digest that it has.
        found: String,
    },
    /// The inputs cannot be judged with.
    Inputs(String),
    /// The snapshot and the inputs do not give this report.
    Report(String),
    /// The rule is not the one of the version that is named.
    Rule(String),
}

/// A pack that is open for reading.
#[derive(Debug)]
pub struct Pack<R = BufReader<File>> {
    path: PathBuf,
    archive: ZipArchive<R>,
    listing: Listing,
    names: Vec<String>,
}

impl Pack {
    /// Opens a pack and reads its list.
    ///
    /// # Errors
    /// Why it is none.
    pub fn open(path: &Path) -> Result<Self, PackError> {
        let unread = |source| PackError::Io { action: "read", path: path.to_owned(), source };
        let file = File::open(path).map_err(unread)?;
        // Reading a directory fails late and oddly on some systems.
        if file.metadata().map_err(unread)?.is_dir() {
            return Err(unread(io::ErrorKind::IsADirectory.into()));
        }
        Self::new(BufReader::new(file), path)
    }
}

impl<R: Read + Seek> Pack<R> {
    /// Reads the list of a pack; the path is for errors.
    ///
    /// # Errors
    /// Why it is none.
    pub fn new(mut reader: R, path: &Path) -> Result<Self, PackError> {
        let unread = |source| PackError::Io { action: "read", path: path.to_owned(), source };
        let none = |source| PackError::NoArchive { path: path.to_owned(), source };
        let start = ZipArchive::new(&mut reader).map_err(none)?.central_directory_start();
        let names = raw_names(&mut reader, start).map_err(unread)?;
        let mut archive = ZipArchive::new(reader).map_err(none)?;
        let no_list = |problem: String| PackError::NoList { path: path.to_owned(), problem };
        let mut bytes = Vec::new();
        match archive.by_name(LIST) {
            Ok(file) => {
                file.take(LARGEST_LIST + 1).read_to_end(&mut bytes).map_err(|error| no_list(error.to_string()))?
            }
            Err(_) => return Err(no_list(format!("it has no {LIST}; name a file that `sonae export` wrote"))),
        };
        if bytes.len() as u64 > LARGEST_LIST {
            return Err(no_list(format!("its {LIST} is too large")));
        }
        let json: serde_json::Value =
            serde_json::from_slice(&bytes).map_err(|error| no_list(format!("{LIST}: {error}")))?;
        let found = json.get("schema").and_then(serde_json::Value::as_str).unwrap_or_default();
        if found != SCHEMA {
            return Err(PackError::Schema { path: path.to_owned(), found: found.to_owned() });
        }
        // Once more from the text, so that an error names its line.
        let listing = serde_json::from_slice(&bytes).map_err(|error| no_list(format!("{LIST}: {error}")))?;
        Ok(Self { path: path.to_owned(), archive, listing, names })
    }

    /// What the pack says that it holds.
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Checks every file against the list, and the list against its digest.
    ///
    /// # Errors
    /// The archive cannot be read at all.
    pub fn check(&mut self) -> Result<Vec<Problem>, PackError> {
        let mut problems = BTreeSet::new();
        let found = digest(&self.listing.files);
        if found != self.listing.digest {
            problems.insert(Problem::List { expected: self.listing.digest.clone(), found });
        }
        if self.archive.offset() != 0 || !self.archive.comment().is_empty() {
            problems.insert(Problem::Stray);
        }
        let mut listed: BTreeMap<&str, &PackedFile> = BTreeMap::new();
        for file in &self.listing.files {
            if !plain(&file.path) {
                problems.insert(Problem::Path(file.path.clone()));
            }
            if file.path == LIST || listed.insert(&file.path, file).is_some() {
                problems.insert(Problem::Duplicate(file.path.clone()));
            }
        }
        let mut seen = BTreeSet::new();
        for name in &self.names {
            if !seen.insert(name.as_str()) {
                problems.insert(Problem::Duplicate(name.clone()));
            }
            if !plain(name) {
                problems.insert(Problem::Path(name.clone()));
            } else if name != LIST && !listed.contains_key(name.as_str()) {
                problems.insert(Problem::Additional(name.clone()));
            }
        }
        for file in listed.values() {
            problems.extend(file_problem(&mut self.archive, file));
        }
        Ok(problems.into_iter().collect())
    }

    /// The bytes of one file, if they are those of the list.
    ///
    /// # Errors
    /// They are not, or the file is missing.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>, PackError> {
        let wrong = || PackError::File { path: self.path.clone(), file: name.to_owned() };
        let Some(listed) = self.listing.files.iter().find(|file| file.path == name).cloned() else {
            return Err(wrong());
        };
        let mut bytes = Vec::new();
        match unpack(&mut self.archive, &listed, &mut bytes) {
            Ok((size, sha256)) if size == listed.size && sha256 == listed.sha256 => Ok(bytes),
            _ => Err(PackError::File { path: self.path.clone(), file: name.to_owned() }),
        }
    }

    /// The names of the files below a directory of the pack.
    pub fn below(&self, directory: &str) -> Vec<String> {
        let names = self.listing.files.iter().map(|file| &file.path);
        names.filter(|name| name.starts_with(directory)).cloned().collect()
    }

    /// Unpacks the files below a directory of the pack into one on disk.
    ///
    /// # Errors
    /// A file that is not as the list says, or a disk that refuses.
    pub fn extract(&mut self, directory: &str, to: &Path) -> Result<(), PackError> {
        for name in self.below(directory) {
            let bytes = self.read(&name)?;
            let below = name.strip_prefix(directory).unwrap_or(&name);
            // The list may be forged too.
            if !plain(below) {
                return Err(PackError::File { path: self.path.clone(), file: name });
            }
            let path = to.join(below);
            let failed = |source| PackError::Io { action: "write", path: path.clone(), source };
            std::fs::create_dir_all(path.parent().unwrap_or(to)).map_err(failed)?;
            std::fs::write(&path, bytes).map_err(failed)?;
        }
        Ok(())
    }
}

/// What is wrong with one listed file.
fn file_problem(archive: &mut ZipArchive<impl Read + Seek>, listed: &PackedFile) -> Option<Problem> {
    let path = listed.path.clone();
    match archive.by_name(&path) {
        Ok(file) if file.is_symlink() || file.is_dir() || file.encrypted() => return Some(Problem::Kind(path)),
        Ok(_) => {}
        Err(zip::result::ZipError::FileNotFound) => return Some(Problem::Missing(path)),
        Err(error) => return Some(Problem::Unreadable { path, cause: error.to_string() }),
    }
    match unpack(archive, listed, &mut io::sink()) {
        Err(error) => Some(Problem::Unreadable { path, cause: error.to_string() }),
        Ok((size, _)) if size > listed.size => Some(Problem::Size { path, expected: listed.size, found: None }),
        Ok((size, _)) if size < listed.size => Some(Problem::Size { path, expected: listed.size, found: Some(size) }),
        Ok((_, found)) if found != listed.sha256 => {
            Some(Problem::Changed { path, expected: listed.sha256.clone(), found })
        }
        Ok(_) => None,
    }
}

/// Unpacks one file, no more of it than the list declares and one byte that shows that there is more.
fn unpack(
    archive: &mut ZipArchive<impl Read + Seek>,
    listed: &PackedFile,
    to: &mut impl io::Write,
) -> io::Result<(u64, String)> {
    let file = archive.by_name(&listed.path).map_err(io::Error::from)?;
    copy(&mut file.take(listed.size.saturating_add(1)), to)
}

/// Whether a path stays where it is unpacked, on every system.
fn plain(name: &str) -> bool {
    !name.is_empty()
        && !name.contains(['\\', ':'])
        && !name.chars().any(char::is_control)
        && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
        && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The names in the archive's own directory, with those that are there twice: the library keeps one of each.
fn raw_names(file: &mut (impl Read + Seek), start: u64) -> io::Result<Vec<String>> {
    const SIGNATURE: [u8; 4] = *b"PK\x01\x02";
    const FIXED: usize = 46;
    file.seek(SeekFrom::Start(start))?;
    let mut reader = BufReader::new(file);
    let mut names = Vec::new();
    loop {
        let mut head = [0; FIXED];
        match reader.read_exact(&mut head) {
            Ok(()) if head.starts_with(&SIGNATURE) => {}
            Ok(()) => return Ok(names),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(names),
            Err(error) => return Err(error),
        }
        let length = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let mut name = vec![0; usize::from(length(28))];
        reader.read_exact(&mut name)?;
        names.push(String::from_utf8_lossy(&name).into_owned());
        let rest = u64::from(length(30)) + u64::from(length(32));
        io::copy(&mut reader.by_ref().take(rest), &mut io::sink())?;
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn only_paths_that_stay_are_plain() {
        for good in ["pack.json", "reports/ja/report.json", "inputs/rule.0000.x.yaml", "備え/..x"] {
            assert!(plain(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "../x", "a/../x", "a/./x", "a//x", "a/", "C:/x", "a\\..\\x", "a\nb"] {
            assert!(!plain(bad), "{bad:?}");
        }
    }
}
