//! Sonae (備え, "being prepared") audits AWS organisations for disaster-recovery readiness.
//!
//! # Layout
//!
//! One direction of data: collect, snapshot, link, judge, assess, report.

pub mod assess;
pub mod collect;
pub mod diagnostic;
pub mod judge;
pub mod link;
pub mod manifest;
pub mod model;
pub mod report;
pub mod rules;
pub mod snapshot;
pub mod yaml;
