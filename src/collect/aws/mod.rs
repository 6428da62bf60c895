//! Reading AWS. The only place of the program that knows the AWS SDK.

pub mod services;
mod task;

pub use task::Task;
