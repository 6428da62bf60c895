//! Amazon EC2: one file for each part of it.

mod connectivity;
mod instances;
mod network;

pub use connectivity::*;
pub use instances::*;
pub use network::*;
