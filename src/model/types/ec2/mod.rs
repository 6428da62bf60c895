//! Amazon EC2: one file for each part of it.

mod connectivity;
mod instances;
mod network;
mod storage;

pub use connectivity::*;
pub use instances::*;
pub use network::*;
pub use storage::*;
