//! Collect: read accounts x Regions x services concurrently into a snapshot.

pub mod access;
pub mod plan;
pub mod template;

pub use access::Access;
pub use plan::Plan;

#[cfg(feature = "aws")]
pub mod aws;

/// What the log may show of the SDK. At `info`, its credentials chain writes access key ids.
pub const LOG_DIRECTIVES: &[&str] = &["aws_config=error", "aws_smithy_runtime=warn", "aws_runtime=warn", "hyper=warn"];
