//! Amazon EC2: one file for each part of it.

mod instances;
mod network;

pub use instances::*;
pub use network::*;
