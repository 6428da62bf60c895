//! Reading AWS. The only place of the program that knows the AWS SDK.

mod task;

pub use task::Task;
