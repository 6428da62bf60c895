//! Report: one renderer a format over the one report model.

pub mod html;
pub mod messages;
