//! What each service is asked.

use super::Task;
use crate::model::Resource;

/// Reads the partition of a task.
#[expect(clippy::unused_async, reason = "no service is read yet")]
pub async fn collect(_task: &Task) -> Vec<Resource> {
    Vec::new()
}
