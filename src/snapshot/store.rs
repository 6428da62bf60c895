//! Snapshots as directories.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::partition::{Partition, PartitionError, PartitionKey};

/// The format of the index. Readers accept this one only; a new one gets a new number.
const FORMAT: &str = "sonae.snapshot/1";
const INDEX: &str = "snapshot.json";
/// Where the manifest, answers and waivers of the scan are kept.
const INPUTS: &str = "inputs";
/// Fast enough never to be the bottleneck, small enough to archive.
const ZSTD_LEVEL: i32 = 3;

/// `snapshot.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Always [`FORMAT`].
    pub format: String,
    /// The version of the program that wrote it.
    pub sonae: String,
    /// When the scan started: the `now` of everything that judges or renders.
    pub taken_at: Timestamp,
    /// Whether every planned partition was written.
    pub complete: bool,
    /// The accounts that were to be read.
    pub accounts: Vec<ScannedAccount>,
    /// The Regions that were to be read.
    pub regions: Vec<String>,
    /// The operations that the selected rules needed.
    pub operations: Vec<String>,
    /// The partitions that were planned, with the digest of those that were written.
    pub partitions: Vec<IndexedPartition>,
    /// The SHA-256 of each file under `inputs/`.
    pub inputs: BTreeMap<String, String>,
}

/// An account of the scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScannedAccount {
    /// Twelve digits.
    pub id: String,
    /// The name from Organizations; empty when the account was named by its id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// A planned partition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexedPartition {
    /// Which one.
    pub key: PartitionKey,
    /// The SHA-256 of its file; none while it is missing.
    pub sha256: Option<String>,
}

/// What can go wrong with a snapshot on disk.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was to be done.
        action: &'static str,
        /// To which file.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
    /// No snapshot at that place.
    #[error("{} is not a snapshot: it has no {INDEX}; name the directory that `sonae scan` wrote", .0.display())]
    NotASnapshot(PathBuf),
    /// The index is not what this version writes.
    #[error("{}: {problem}", path.display())]
    Index {
        /// The index.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A partition cannot be read.
    #[error("{}", path.display())]
    Partition {
        /// The partition's file.
        path: PathBuf,
        /// The line and its problem.
        #[source]
        source: PartitionError,
    },
    /// A file was changed after the scan.
    #[error("{} was changed after the scan: its SHA-256 is {found}, the index says {expected}", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// The digest in the index.
        expected: String,
        /// The digest of the file as it is.
        found: String,
    },
    /// The directory holds another snapshot.
    #[error("{} already holds a snapshot; name another directory, or remove it", .0.display())]
    Exists(PathBuf),
}

fn failed<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> SnapshotError + 'a {
    move |source| SnapshotError::Io { action, path: path.to_owned(), source }
}

/// The file of a partition. Keys come from AWS or from a file: anything that is no plain name is refused by replacing it.
fn partition_path(root: &Path, key: &PartitionKey) -> PathBuf {
    let plain = |name: &str| -> String {
        let mut components = Path::new(name).components();
        match (components.next(), components.next()) {
            (Some(Component::Normal(_)), None) => name.to_owned(),
            _ => "invalid".to_owned(),
        }
    };
    root.join("partitions")
        .join(plain(&key.account))
        .join(plain(&key.region))
        .join(format!("{}.jsonl.zst", plain(&key.service)))
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes in one piece: the file is there whole or not at all.
fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory).map_err(failed("create", directory))?;
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(failed("write", path))?;
    file.write_all(bytes).map_err(failed("write", path))?;
    file.persist(path).map_err(|error| error.error).map_err(failed("write", path))?;
    Ok(())
}

/// A snapshot that is being written. Partitions may be added from several tasks at once.
#[derive(Debug)]
pub struct SnapshotWriter {
    root: PathBuf,
    index: Mutex<Index>,
}

impl SnapshotWriter {
    /// Starts a snapshot: creates the directory and writes the index of what is planned.
    ///
    /// # Errors
    /// The directory holds a snapshot already, or cannot be written.
    pub fn create(root: &Path, mut index: Index, inputs: &BTreeMap<String, Vec<u8>>) -> Result<Self, SnapshotError> {
        if root.join(INDEX).exists() {
            return Err(SnapshotError::Exists(root.to_owned()));
        }
        for (name, bytes) in inputs {
            write_atomically(&root.join(INPUTS).join(name), bytes)?;
            index.inputs.insert(name.clone(), digest(bytes));
        }
        let writer = Self { root: root.to_owned(), index: Mutex::new(index) };
        writer.write_index()?;
        Ok(writer)
    }

    /// Goes on with an unfinished snapshot.
    ///
    /// # Errors
    /// There is no readable snapshot.
    pub fn resume(root: &Path) -> Result<Self, SnapshotError> {
        let index = read_index(root)?;
        Ok(Self { root: root.to_owned(), index: Mutex::new(index) })
    }

    /// The planned partitions that are still missing.
    pub fn missing(&self) -> Vec<PartitionKey> {
        self.lock()
            .partitions
            .iter()
            .filter(|planned| planned.sha256.is_none())
            .map(|planned| planned.key.clone())
            .collect()
    }

    /// A copy of the index as it is now.
    pub fn index(&self) -> Index {
        self.lock().clone()
    }

    /// Writes a partition in one piece.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&self, partition: &mut Partition) -> Result<(), SnapshotError> {
        partition.sort();
        let path = partition_path(&self.root, &partition.key);
        let mut encoder = zstd::Encoder::new(Vec::new(), ZSTD_LEVEL).map_err(failed("write", &path))?;
        partition.write(BufWriter::new(&mut encoder)).map_err(failed("write", &path))?;
        let bytes = encoder.finish().map_err(failed("write", &path))?;
        write_atomically(&path, &bytes)?;
        let sha256 = Some(digest(&bytes));
        let mut index = self.lock();
        // Planned partitions are in the order of their keys, unless somebody else planned them.
        let place = match index.partitions.binary_search_by(|planned| planned.key.cmp(&partition.key)) {
            Ok(place) => Some(place),
            Err(_) => index.partitions.iter().position(|planned| planned.key == partition.key),
        };
        match place {
            Some(place) => index.partitions[place].sha256 = sha256,
            None => index.partitions.push(IndexedPartition { key: partition.key.clone(), sha256 }),
        }
        Ok(())
    }

    /// Writes the index with the digests of what is there. Complete when nothing is missing.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(&self) -> Result<(), SnapshotError> {
        {
            let mut index = self.lock();
            index.complete = index.partitions.iter().all(|planned| planned.sha256.is_some());
        }
        self.write_index()
    }

    fn write_index(&self) -> Result<(), SnapshotError> {
        let path = self.root.join(INDEX);
        let mut bytes = serde_json::to_vec_pretty(&*self.lock())
            .map_err(|error| SnapshotError::Index { path: path.clone(), problem: error.to_string() })?;
        bytes.push(b'\n');
        write_atomically(&path, &bytes)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Index> {
        // A panic in another task leaves the index as it was; there is nothing half-written to protect.
        self.index.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A snapshot in memory.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The index.
    pub index: Index,
    /// The partitions that are there, in the order of their keys.
    pub partitions: Vec<Partition>,
    /// The manifest, answers and waivers of the scan, by file name.
    pub inputs: BTreeMap<String, Vec<u8>>,
}

impl Snapshot {
    /// Reads a snapshot and checks every digest.
    ///
    /// # Errors
    /// A file that is missing, changed or in another format.
    pub fn read(root: &Path) -> Result<Self, SnapshotError> {
        let mut index = read_index(root)?;
        let mut partitions = Vec::with_capacity(index.partitions.len());
        for planned in &mut index.partitions {
            let path = partition_path(root, &planned.key);
            // A scan that was killed leaves partitions that the index does not know yet: each is whole, so it counts.
            if planned.sha256.is_none() && !path.exists() {
                continue;
            }
            let bytes = fs::read(&path).map_err(failed("read", &path))?;
            let found = digest(&bytes);
            match &planned.sha256 {
                Some(expected) if *expected != found => {
                    return Err(SnapshotError::Changed { path, expected: expected.clone(), found });
                }
                _ => planned.sha256 = Some(found),
            }
            let partition = decode(&bytes, &path)?;
            if partition.key != planned.key {
                let problem = format!("this is the partition {}, at the place of {}", partition.key, planned.key);
                return Err(SnapshotError::Partition { path, source: PartitionError { line: 1, problem } });
            }
            partitions.push(partition);
        }
        partitions.sort_by(|a, b| a.key.cmp(&b.key));
        let mut inputs = BTreeMap::new();
        for (name, expected) in &index.inputs {
            let path = root.join(INPUTS).join(Path::new(name).file_name().unwrap_or_default());
            let mut bytes = Vec::new();
            File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(failed("read", &path))?;
            let found = digest(&bytes);
            if found != *expected {
                return Err(SnapshotError::Changed { path, expected: expected.clone(), found });
            }
            inputs.insert(name.clone(), bytes);
        }
        Ok(Self { index, partitions, inputs })
    }

    /// A snapshot from the texts of its partitions, as the demo has them.
    ///
    /// # Errors
    /// A text that is no partition.
    pub fn from_texts(
        mut index: Index,
        texts: &[(&str, &str)],
        inputs: BTreeMap<String, Vec<u8>>,
    ) -> Result<Self, SnapshotError> {
        let mut partitions = Vec::with_capacity(texts.len());
        for (path, text) in texts {
            let partition = Partition::read(text.as_bytes())
                .map_err(|source| SnapshotError::Partition { path: PathBuf::from(path), source })?;
            let sha256 = Some(digest(text.as_bytes()));
            match index.partitions.iter_mut().find(|planned| planned.key == partition.key) {
                Some(planned) => planned.sha256 = sha256,
                None => index.partitions.push(IndexedPartition { key: partition.key.clone(), sha256 }),
            }
            partitions.push(partition);
        }
        partitions.sort_by(|a, b| a.key.cmp(&b.key));
        index.complete = index.partitions.iter().all(|planned| planned.sha256.is_some());
        Ok(Self { index, partitions, inputs })
    }

    /// The files that make up a snapshot on disk: each with its path below the directory, in slashes.
    pub fn files(&self, root: &Path) -> Vec<(String, PathBuf)> {
        let partitions = self.partitions.iter().map(|partition| partition_path(root, &partition.key));
        // As they are read: a name in the index never leads out of the directory.
        let inputs =
            self.inputs.keys().map(|name| root.join(INPUTS).join(Path::new(name).file_name().unwrap_or_default()));
        std::iter::once(root.join(INDEX))
            .chain(partitions)
            .chain(inputs)
            .map(|path| {
                let below = path.strip_prefix(root).unwrap_or(&path).components();
                let names: Vec<String> = below.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
                (names.join("/"), path)
            })
            .collect()
    }

    /// The digest of the whole: of the partitions' digests in the order of their keys, so that it does not depend on
    /// when each was written.
    pub fn digest(&self) -> String {
        let mut lines: Vec<String> = self
            .index
            .partitions
            .iter()
            .map(|planned| format!("{} {}\n", planned.key, planned.sha256.as_deref().unwrap_or("missing")))
            .collect();
        lines.sort_unstable();
        digest(lines.concat().as_bytes())
    }
}

fn decode(bytes: &[u8], path: &Path) -> Result<Partition, SnapshotError> {
    let decoder = zstd::Decoder::new(bytes).map_err(failed("read", path))?;
    Partition::read(BufReader::new(decoder))
        .map_err(|source| SnapshotError::Partition { path: path.to_owned(), source })
}

fn read_index(root: &Path) -> Result<Index, SnapshotError> {
    let path = root.join(INDEX);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(SnapshotError::NotASnapshot(root.to_owned()));
        }
        Err(error) => return Err(failed("read", &path)(error)),
    };
    Index::parse(&bytes).map_err(|problem| SnapshotError::Index { path, problem })
}

impl Index {
    /// The index of a snapshot that starts now.
    pub fn new(
        taken_at: Timestamp,
        accounts: Vec<ScannedAccount>,
        regions: Vec<String>,
        operations: Vec<String>,
        mut partitions: Vec<PartitionKey>,
    ) -> Self {
        partitions.sort();
        Self {
            format: FORMAT.to_owned(),
            sonae: env!("CARGO_PKG_VERSION").to_owned(),
            taken_at,
            complete: false,
            accounts,
            regions,
            operations,
            partitions: partitions.into_iter().map(|key| IndexedPartition { key, sha256: None }).collect(),
            inputs: BTreeMap::new(),
        }
    }

    /// Reads the text of an index.
    ///
    /// # Errors
    /// Why it is none of this version.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let json: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let format = json["format"].as_str().unwrap_or_default();
        if format != FORMAT {
            return Err(format!("the format is `{format}`, and this version of sonae reads `{FORMAT}`"));
        }
        // Once more from the text, so that an error names its line.
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }
}
