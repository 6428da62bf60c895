//! Writing a pack.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::{LIST, Listing, PackError, PackedFile, digest, hex};

/// Where the bytes of a packed file come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// They are here.
    Bytes(Vec<u8>),
    /// They are in this file.
    File(PathBuf),
}

/// Writes a pack and returns the SHA-256 of the archive. The files and their digest in `listing` are filled in. The
/// pack appears whole or not at all: one that was there before stays until the new one is complete.
///
/// # Errors
/// A file that cannot be read, or a disk that refuses.
pub fn write(path: &Path, mut listing: Listing, files: &BTreeMap<String, Source>) -> Result<String, PackError> {
    let failed = |source: io::Error| PackError::Io { action: "write", path: path.to_owned(), source };
    let refused = |source| PackError::Write { path: path.to_owned(), source };
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(failed)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sonae-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A pack is meant to be handed on, so the umask decides.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(directory).map_err(failed)?;
    let time = time(listing.snapshot.taken_at);
    let mut archive = ZipWriter::new(io::BufWriter::new(temporary.as_file_mut())).set_auto_large_file();
    listing.files.clear();
    for (name, source) in files {
        archive.start_file(name.as_str(), options(name, time)).map_err(refused)?;
        let (size, sha256) = match source {
            Source::Bytes(bytes) => copy(&mut bytes.as_slice(), &mut archive).map_err(failed)?,
            Source::File(from) => {
                let unread = |source| PackError::Io { action: "read", path: from.clone(), source };
                let mut file = File::open(from).map_err(unread)?;
                copy(&mut file, &mut archive).map_err(unread)?
            }
        };
        listing.files.push(PackedFile { path: name.clone(), size, sha256 });
    }
    listing.digest = digest(&listing.files);
    let mut list = serde_json::to_vec_pretty(&listing)?;
    list.push(b'\n');
    archive.start_file(LIST, options(LIST, time)).map_err(refused)?;
    archive.write_all(&list).map_err(failed)?;
    archive.finish().map_err(refused)?.flush().map_err(failed)?;
    temporary.as_file().sync_all().map_err(failed)?;
    let mut written = File::open(temporary.path()).map_err(failed)?;
    let (_, sha256) = copy(&mut written, &mut io::sink()).map_err(failed)?;
    temporary.persist(path).map_err(|error| failed(error.error))?;
    Ok(sha256)
}

/// Copies, counts and digests at once.
pub(super) fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let bytes = buffer.get(..read).unwrap_or_default();
        hasher.update(bytes);
        to.write_all(bytes)?;
        size += read as u64;
    }
    Ok((size, hex(&hasher.finalize())))
}

/// The same for every file and on every system.
fn options(name: &str, time: DateTime) -> SimpleFileOptions {
    // What is compressed already would only cost time.
    let compressed = [".zst", ".xlsx"].iter().any(|ending| name.ends_with(ending));
    let method = if compressed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(time)
        .unix_permissions(0o644)
        .system(System::Unix)
}

/// The time of the snapshot in UTC. Archives know none before 1980 and none after 2107.
fn time(taken_at: Timestamp) -> DateTime {
    let time = taken_at.to_zoned(TimeZone::UTC).datetime();
    let number = |number: i8| u8::try_from(number).unwrap_or_default();
    DateTime::from_date_and_time(
        u16::try_from(time.year()).unwrap_or_default(),
        number(time.month()),
        number(time.day()),
        number(time.hour()),
        number(time.minute()),
        number(time.second()),
    )
    .unwrap_or_default()
}
