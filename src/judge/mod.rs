//! Judge: rules x resources, in three-valued logic.

pub mod evaluate;
pub mod examples;
pub mod recovery;
mod verdict;

pub use verdict::{Judgement, OpenQuestion, Owner, Verdict, answered, judge_all, judge_one};
