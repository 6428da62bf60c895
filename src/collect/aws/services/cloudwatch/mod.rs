//! Amazon CloudWatch: one file for each part of it.

mod alarms;
mod metrics;

use crate::collect::aws::Task;
use crate::model::Resource;

/// Reads the alarms and the metrics of a Region that are wanted.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let (alarms, metrics) = tokio::join!(alarms::collect(task), metrics::collect(task));
    [alarms, metrics].concat()
}
