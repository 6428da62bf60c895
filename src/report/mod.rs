//! Report: one renderer a format over the one report model.

pub mod messages;
