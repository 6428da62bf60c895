//! Assess: from verdicts to the report model, with answers, waivers and objectives.

pub mod model;
