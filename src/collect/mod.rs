//! Collect: read accounts x Regions x services concurrently into a snapshot.

pub mod plan;

pub use plan::Plan;

#[cfg(feature = "aws")]
pub mod aws;
