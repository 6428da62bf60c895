//! Assess: from verdicts to the report model, with answers, waivers and objectives.

pub mod answers;
pub mod architecture;
mod build;
pub mod evidence;
mod facts;
pub mod model;
mod opinions;
pub mod owner;
mod readiness;
mod recovery;
mod served;
mod strategy;
pub mod waivers;
mod wording;

pub use build::{Inputs, assess};
