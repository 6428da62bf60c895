//! Sonae (備え, "being prepared") audits AWS organisations for disaster-recovery readiness and writes the development
//! checklist.
//!
//! # Layout
//!
//! Data goes one way, and each stage is a module of that name:
//!
//! ```text
//! collect -> snapshot -> link -> judge -> assess -> report
//! ```
//!
//! | module | does |
//! |---|---|
//! | [`model`] | plain data: values, resource types and their fields, resources |
//! | [`manifest`] | what to read and what workloads promised (`sonae.yaml`) |
//! | [`rules`] | rule files: YAML with CEL expressions, checked against the model |
//! | [`collect`] | reads AWS into a snapshot; the only place with the AWS SDK |
//! | [`snapshot`] | what was read, on disk |
//! | [`link`] | resolves what spans resources |
//! | [`judge`] | rules x resources in three-valued logic |
//! | [`assess`] | answers, waivers, objectives: from verdicts to the report model |
//! | [`compare`] | what became of the findings between two reports, and the trend |
//! | [`report`] | one renderer a format over the report model |
//! | [`pack`] | the audit pack: one archive with digests |
//! | [`import`] | the workbook that people filled in, back into the answers and waivers files |
//! | [`cli`] | one file a command |

pub mod assess;
pub mod cli;
pub mod collect;
pub mod compare;
pub mod diagnostic;
pub mod import;
pub mod judge;
pub mod link;
pub mod manifest;
pub mod model;
pub mod pack;
pub mod report;
pub mod rules;
pub mod snapshot;
pub mod yaml;
