//! Judge: rules x resources, in three-valued logic.

pub mod evaluate;
pub mod examples;
mod verdict;

pub use verdict::{Judgement, OpenQuestion, Owner, Verdict, judge_all, judge_one};
