//! A scan: all accounts, Regions and services into one snapshot.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{self, MissedTickBehavior};

use super::discovery::{self, Found, Listed};
use super::guard::Totals;
use super::http::Options;
use super::progress::Progress;
use super::services;
use super::session::{Account, GLOBAL, Session};
use super::task::{Task, status, unlisted};
use crate::collect::Plan;
use crate::manifest::Manifest;
use crate::model::types::{GLOBAL_SERVICES, ORGANIZATION_SERVICES};
use crate::model::{Unknown, UnknownReason, types};
use crate::snapshot::{Coverage, Index, Partition, PartitionKey, ScannedAccount, SnapshotError, SnapshotWriter};

/// The Region in the keys of partitions of an account whose Regions could not be determined.
const UNKNOWN_REGION: &str = "unknown";

/// How often the index is written while partitions come in, so that a killed scan can be resumed from there.
const CHECKPOINT: Duration = Duration::from_secs(30);

/// What to scan.
#[derive(Debug)]
pub struct ScanRequest<'a> {
    /// Which accounts and Regions.
    pub manifest: &'a Manifest,
    /// What to read there.
    pub plan: Plan,
    /// Where to.
    pub snapshot_dir: PathBuf,
    /// The manifest, answers and waivers, to be kept with the snapshot.
    pub inputs: BTreeMap<String, Vec<u8>>,
    /// How.
    pub options: Options,
    /// When the scan started. A resumed scan keeps the time at which it first started.
    pub taken_at: Timestamp,
    /// Whether to go on with the unfinished snapshot in that directory.
    pub resume: bool,
}

/// How a scan ended. The snapshot is valid in any case.
#[derive(Debug, Clone)]
pub struct ScanOutcome {
    /// The snapshot.
    pub snapshot_dir: PathBuf,
    /// Whether somebody stopped it.
    pub interrupted: bool,
    /// How many partitions were planned.
    pub planned: usize,
    /// How many of them are missing.
    pub missing: usize,
    /// The accounts that could not be entered, and why.
    pub denied: Vec<(Arc<str>, Arc<Unknown>)>,
    /// What it cost.
    pub totals: Arc<Totals>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Why there is no scan.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// No credentials, none that AWS accepts, or no network.
    #[error(
        "AWS does not say who the caller is: {0}; sign in (`aws sso login`), name a profile (AWS_PROFILE), or check \
         the network"
    )]
    Caller(Arc<Unknown>),
    /// The accounts of the organisation are not known.
    #[error(
        "the accounts of the organisation cannot be listed: {0}; use credentials of the management account or of a \
         delegated administrator with that permission, or list the accounts in the manifest"
    )]
    Organization(Arc<Unknown>),
    /// Nothing is left to read.
    #[error("no account is left to read; check `accounts` of the manifest: its list, `exclude` and `ous`")]
    NoAccounts,
    /// The snapshot cannot be written.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The unfinished snapshot was planned otherwise.
    #[error("the snapshot cannot be resumed: since it was started, {0} changed; scan into another directory")]
    Changed(String),
    /// A task of the scan died.
    #[error("the scan was ended by a defect of sonae; please report it")]
    Defect(#[source] JoinError),
    /// Stopped before the accounts and Regions were known.
    #[error("interrupted before anything was read")]
    Interrupted,
}

/// Reads all accounts, Regions and services that the request names into a snapshot.
///
/// What cannot be read is in the snapshot as unknown, with its reason; it is no error of the scan. On Ctrl-C or SIGTERM
/// the scan stops and leaves a valid, visibly incomplete snapshot; a second one ends the process at once. Signals stay
/// taken as long as the runtime lives.
///
/// # Errors
/// Nobody to read as, nothing to read, or nowhere to write.
pub async fn scan(request: ScanRequest<'_>) -> Result<ScanOutcome, ScanError> {
    let started = Instant::now();
    if !request.resume && request.snapshot_dir.join("snapshot.json").exists() {
        return Err(SnapshotError::Exists(request.snapshot_dir).into());
    }
    let mut interrupted = watch_signals();
    let plan = Arc::new(request.plan.clone());
    let found = tokio::select! {
        found = find(&request, plan) => found?,
        () = fired(&mut interrupted) => return Err(ScanError::Interrupted),
    };
    let Scope { session, accounts, partitions, writer, mut progress } = found;
    let index = writer.index();
    let missing = writer.missing();
    let planned = index.partitions.len();
    progress.start(index.accounts.len(), index.regions.len(), planned - missing.len(), planned);
    tracing::info!(
        accounts = index.accounts.len(),
        regions = index.regions.len(),
        partitions = missing.len(),
        "scan started"
    );
    drop(index);

    let writer = Arc::new(writer);
    let mut ready: HashMap<PartitionKey, Partition> =
        partitions.into_iter().map(|partition| (partition.key.clone(), partition)).collect();
    let mut queue = missing.into_iter();
    let mut running: JoinSet<Result<(), ScanError>> = JoinSet::new();
    let mut ticks = time::interval(Duration::from_millis(250));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut checkpoint = Instant::now();
    let mut stopped = false;
    let outcome = loop {
        while running.len() < request.options.concurrency.partitions.max(1) {
            let Some(key) = queue.next() else { break };
            let partition = match ready.remove(&key) {
                Some(partition) => Work::Write(partition),
                None => work(&session, &accounts, key),
            };
            running.spawn(run(partition, Arc::clone(&writer)));
        }
        tokio::select! {
            () = fired(&mut interrupted) => {
                stopped = true;
                break Ok(());
            }
            _ = ticks.tick() => {
                progress.update();
                if checkpoint.elapsed() >= CHECKPOINT {
                    writer.finish()?;
                    checkpoint = Instant::now();
                }
            }
            done = running.join_next() => match done {
                None => break Ok(()),
                Some(Ok(Ok(()))) => progress.done(),
                Some(Ok(Err(error))) => break Err(error),
                Some(Err(error)) => break Err(ScanError::Defect(error)),
            }
        }
    };
    running.shutdown().await;
    drop(progress);
    writer.finish()?;
    outcome?;

    let outcome = ScanOutcome {
        snapshot_dir: request.snapshot_dir,
        interrupted: stopped,
        planned,
        missing: writer.missing().len(),
        denied: accounts.into_iter().filter_map(|found| found.access.err().map(|why| (found.id, why))).collect(),
        totals: Arc::clone(session.totals()),
        elapsed: started.elapsed(),
    };
    tracing::info!(
        partitions = planned - outcome.missing,
        missing = outcome.missing,
        interrupted = outcome.interrupted,
        calls = outcome.totals.calls(),
        attempts = outcome.totals.attempts(),
        throttled = outcome.totals.throttles(),
        bytes = outcome.totals.bytes(),
        seconds = outcome.elapsed.as_secs_f64(),
        "scan ended"
    );
    Ok(outcome)
}

/// What a scan knows once accounts and Regions are found.
struct Scope {
    session: Session,
    /// In the order of their ids.
    accounts: Vec<Found>,
    /// Partitions that finding accounts and Regions has already read.
    partitions: Vec<Partition>,
    writer: SnapshotWriter,
    progress: Progress,
}

/// Finds out who reads which accounts and Regions, and opens the snapshot.
async fn find(request: &ScanRequest<'_>, plan: Arc<Plan>) -> Result<Scope, ScanError> {
    let manifest = request.manifest;
    let resumed = if request.resume { Some(resume(request)?) } else { None };
    let (session, caller) =
        Session::open(manifest, Arc::clone(&plan), &request.options).await.map_err(ScanError::Caller)?;
    let progress = Progress::new(request.options.progress, Arc::clone(session.totals()));
    let mut listed = match &resumed {
        Some(writer) if !lacks_organization(writer) => lacking(writer),
        _ => discovery::accounts(&session, manifest).await.map_err(ScanError::Organization)?,
    };
    if resumed.is_none() && listed.accounts.is_empty() {
        return Err(ScanError::NoAccounts);
    }
    let mut partitions: Vec<Partition> = listed.partition.take().into_iter().collect();
    // The caller may read other accounts only: who asked is evidence all the same.
    if !listed.accounts.contains_key(&caller.key.account) {
        partitions.push(caller.finish(Vec::new()));
    }
    let mut accounts = discovery::enter(&session, caller, listed, &manifest.regions).await;
    for found in &mut accounts {
        let key = found.partition.key.clone();
        partitions.push(std::mem::replace(&mut found.partition, Partition::new(key)));
    }
    let writer = match resumed {
        Some(writer) => writer,
        None => {
            let index = index(request, &plan, &accounts, &partitions);
            SnapshotWriter::create(&request.snapshot_dir, index, &request.inputs)?
        }
    };
    Ok(Scope { session, accounts, partitions, writer, progress })
}

/// Opens an unfinished snapshot, if it was planned as this request would plan it.
fn resume(request: &ScanRequest<'_>) -> Result<SnapshotWriter, ScanError> {
    let writer = SnapshotWriter::resume(&request.snapshot_dir)?;
    let index = writer.index();
    if index.operations != operations(&request.plan) {
        return Err(ScanError::Changed("what the selected rules read".to_owned()));
    }
    for (name, bytes) in &request.inputs {
        let path = request.snapshot_dir.join("inputs").join(name);
        if fs::read(&path).ok().as_ref() != Some(bytes) {
            return Err(ScanError::Changed(name.clone()));
        }
    }
    Ok(writer)
}

/// The accounts of which partitions are missing.
fn lacking(writer: &SnapshotWriter) -> Listed {
    let accounts = writer.missing().into_iter().map(|key| (key.account, String::new())).collect();
    Listed { accounts, partition: None }
}

fn lacks_organization(writer: &SnapshotWriter) -> bool {
    writer.missing().iter().any(|key| ORGANIZATION_SERVICES.contains(&&*key.service))
}

fn operations(plan: &Plan) -> Vec<String> {
    plan.operations().iter().map(ToString::to_string).collect()
}

/// The index of what is planned, in the order in which it is read: account by account, so that a Region that is cut off
/// is found out by the first account's services together.
fn index(request: &ScanRequest<'_>, plan: &Plan, accounts: &[Found], partitions: &[Partition]) -> Index {
    let mut keys: Vec<PartitionKey> = partitions.iter().map(|partition| partition.key.clone()).collect();
    let mut all_regions: BTreeSet<Arc<str>> = BTreeSet::new();
    let unknown: Arc<str> = UNKNOWN_REGION.into();
    let global: Arc<str> = GLOBAL.into();
    for found in accounts {
        let regions = match &found.regions {
            Ok(regions) => {
                all_regions.extend(regions.iter().cloned());
                regions.as_slice()
            }
            Err(_) => std::slice::from_ref(&unknown),
        };
        for service in plan.services() {
            if ORGANIZATION_SERVICES.contains(&service) {
                continue;
            }
            let regions = if GLOBAL_SERVICES.contains(&service) { std::slice::from_ref(&global) } else { regions };
            keys.extend(regions.iter().map(|region| PartitionKey {
                account: Arc::clone(&found.id),
                region: Arc::clone(region),
                service: service.into(),
            }));
        }
    }
    Index::new(
        request.taken_at,
        accounts.iter().map(|found| ScannedAccount { id: found.id.to_string(), name: found.name.clone() }).collect(),
        all_regions.iter().map(ToString::to_string).collect(),
        operations(plan),
        keys,
    )
}

/// What is to be done for a partition.
enum Work {
    Read(Box<Task>),
    Write(Partition),
}

fn work(session: &Session, accounts: &[Found], key: PartitionKey) -> Work {
    let place = accounts.binary_search_by(|found| found.id.cmp(&key.account));
    let found = place.ok().and_then(|place| accounts.get(place));
    match found {
        Some(Found { access: Ok(account), regions, .. }) => match (&*key.region, regions) {
            (UNKNOWN_REGION, Err(why)) => Work::Write(unread(session, key, why)),
            // Only a resumed scan comes here: its plan is that of the first run, which is kept.
            (UNKNOWN_REGION, Ok(_)) => {
                let why = "the Regions of the account were not known when the scan was planned; start a new scan";
                Work::Write(unread(session, key, &Arc::new(Unknown::new(UnknownReason::Error, why))))
            }
            _ => read(session, account, key),
        },
        Some(Found { access: Err(why), .. }) => Work::Write(unread(session, key, why)),
        None => {
            let why = "the account is no longer part of the scan";
            Work::Write(unread(session, key, &Arc::new(Unknown::new(UnknownReason::Error, why))))
        }
    }
}

fn read(session: &Session, account: &Account, key: PartitionKey) -> Work {
    Work::Read(Box::new(session.task(account, key)))
}

/// A partition of which nothing can be read, for one reason that holds for all of it.
fn unread(session: &Session, key: PartitionKey, why: &Arc<Unknown>) -> Partition {
    let mut partition = Partition::new(key);
    if let Some(operation) = &why.operation {
        partition.coverage.push(Coverage {
            operation: operation.clone(),
            calls: 0,
            throttles: 0,
            status: status(why),
            error: Some(why.detail.clone()),
        });
    }
    partition.resources =
        wanted(session.plan(), &partition.key.service).map(|ty| unlisted(&partition.key, ty, why)).collect();
    partition
}

fn wanted(plan: &Plan, service: &str) -> impl Iterator<Item = &'static crate::model::ResourceType> {
    types::ALL.iter().copied().filter(move |ty| ty.service == service && plan.wants_type(ty))
}

/// Reads a partition, if it is not read yet, and writes it.
async fn run(work: Work, writer: Arc<SnapshotWriter>) -> Result<(), ScanError> {
    let mut partition = match work {
        Work::Write(partition) => partition,
        Work::Read(task) => {
            let started = Instant::now();
            // One answer that a collector cannot cope with must not cost the whole scan.
            let resources = match AssertUnwindSafe(Box::pin(services::collect(&task))).catch_unwind().await {
                Ok(resources) => resources,
                Err(_) => {
                    let why = "the collector failed; this is a defect of sonae, please report it";
                    let why = Arc::new(Unknown::new(UnknownReason::Error, why));
                    wanted(&task.plan, &task.key.service).map(|ty| task.unlisted(ty, &why)).collect()
                }
            };
            tracing::debug!(
                partition = %task.key,
                seconds = started.elapsed().as_secs_f64(),
                costs = ?task.clients.meter().costs(),
                "read"
            );
            task.finish(resources)
        }
    };
    // Compressing and writing block: not for the threads that keep the calls going.
    tokio::task::spawn_blocking(move || writer.add(&mut partition)).await.map_err(ScanError::Defect)??;
    Ok(())
}

/// Watches for Ctrl-C and SIGTERM: the first stops the scan, the next ends the process. Once the scan is over, the
/// first ends the process, as if nobody watched.
fn watch_signals() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        let mut code = signal().await;
        if sender.send(true).is_ok() {
            tracing::warn!("stopping; once more to stop at once");
            code = signal().await;
        }
        std::process::exit(code);
    });
    receiver
}

/// Waits for a signal and gives the exit code that shells expect of it.
async fn signal() -> i32 {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            return tokio::select! {
                Ok(()) = tokio::signal::ctrl_c() => 130,
                Some(()) = terminate.recv() => 143,
                else => std::future::pending().await,
            };
        }
    }
    match tokio::signal::ctrl_c().await {
        Ok(()) => 130,
        // Where signals cannot be watched, the system ends the process as ever.
        Err(_) => std::future::pending().await,
    }
}

/// Waits until the scan is to stop.
async fn fired(interrupted: &mut watch::Receiver<bool>) {
    if interrupted.wait_for(|fired| *fired).await.is_err() {
        // The watcher is gone: nobody will ever stop this scan.
        std::future::pending::<()>().await;
    }
}
