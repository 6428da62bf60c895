//! Writing both files or none.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Why files could not be written. What was there before is there still.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}; nothing has changed", path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// What the operating system said.
    #[source]
    pub source: std::io::Error,
}

/// Replaces files by new texts. Each text is complete on disk before any file is replaced, and when one cannot be
/// replaced, those before it get their old text back.
///
/// # Errors
/// The file that could not be written.
pub fn write(files: &[(&Path, &str)]) -> Result<(), WriteError> {
    let mut ready: Vec<(PathBuf, Option<Vec<u8>>, NamedTempFile)> = Vec::new();
    for (path, text) in files {
        let failed = |source| WriteError { path: (*path).to_owned(), source };
        // A link stays a link: what it leads to is replaced.
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| (*path).to_owned());
        let before = match std::fs::read(&target) {
            Ok(before) => Some(before),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        let new = complete(&target, text.as_bytes()).map_err(failed)?;
        ready.push((target, before, new));
    }
    let mut done: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    for (target, before, new) in ready {
        if let Err(error) = new.persist(&target) {
            for (target, before) in done {
                // The first error is the one to tell.
                let _ = match before {
                    Some(before) => complete(&target, &before).and_then(|old| Ok(old.persist(&target).map(|_| ())?)),
                    None => std::fs::remove_file(&target),
                };
            }
            return Err(WriteError { path: target, source: error.error });
        }
        done.push((target, before));
    }
    Ok(())
}

/// A file beside the target, with its rights, that has the whole text.
fn complete(target: &Path, text: &[u8]) -> std::io::Result<NamedTempFile> {
    let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sonae-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Temporary files are private by default; these are shared with a team, so the umask decides.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(directory)?;
    if let Ok(before) = std::fs::metadata(target) {
        std::fs::set_permissions(file.path(), before.permissions())?;
    }
    file.write_all(text)?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_or_none() {
        let place = tempfile::tempdir().expect("a directory");
        let [answers, waivers] = ["answers.yaml", "waivers.yaml"].map(|name| place.path().join(name));
        std::fs::write(&answers, "old").expect("the file");
        // A directory cannot be replaced by a file.
        std::fs::create_dir(&waivers).expect("the directory");
        let error = write(&[(&answers, "new"), (&waivers, "new")]).expect_err("it is a directory");
        assert_eq!(error.path, waivers.canonicalize().expect("the path"));
        assert_eq!(std::fs::read_to_string(&answers).expect("the file"), "old");
        std::fs::remove_dir(&waivers).expect("the directory");
        write(&[(&answers, "new"), (&waivers, "new")]).expect("both");
        for file in [&answers, &waivers] {
            assert_eq!(std::fs::read_to_string(file).expect("the file"), "new");
        }
        assert_eq!(place.path().read_dir().expect("the directory").count(), 2, "no temporary file stays");
    }

    #[cfg(unix)]
    #[test]
    fn rights_and_links_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().expect("a directory");
        let (file, link) = (place.path().join("shared.yaml"), place.path().join("answers.yaml"));
        std::fs::write(&file, "old").expect("the file");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("the rights");
        std::os::unix::fs::symlink(&file, &link).expect("the link");
        write(&[(&link, "new")]).expect("written");
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&file).expect("the file"), "new");
        assert_eq!(file.metadata().expect("the file").permissions().mode() & 0o777, 0o640);
    }
}
