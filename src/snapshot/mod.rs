//! What was read, on disk: partitions per account, Region and service, with a coverage ledger and digests.
//!
//! A snapshot is a directory:
//!
//! ```text
//! snapshot.json                                    the index: format, time, what was planned, digests
//! partitions/<account>/<region>/<service>.jsonl.zst  what one service answered in one account and Region
//! inputs/                                          the manifest, answers and waivers of the scan
//! ```
//!
//! A partition appears in one piece or not at all, so a snapshot is valid at every moment of a scan; what was planned
//! and is missing is known from the index.

mod partition;
mod store;

pub use partition::{CallStatus, Coverage, Partition, PartitionKey};
pub use store::{Index, IndexedPartition, ScannedAccount, Snapshot, SnapshotError, SnapshotWriter};
