//! Reading AWS. The only place of the program that knows the AWS SDK.
//!
//! [`scan`] is the way in: it finds accounts and Regions, and reads every service that the plan needs, in each of
//! them, into a snapshot.

mod availability;
mod clients;
mod discovery;
mod guard;
mod http;
mod progress;
mod scan;
mod services;
mod session;
mod task;
#[cfg(test)]
mod testing;

pub use clients::Clients;
pub use guard::{Cost, Endpoint, Guard, Meter, Refused, Totals};
pub use http::{Concurrency, Options, Timeouts};
pub use scan::{ScanError, ScanOutcome, ScanRequest, scan};
pub use task::{Bounds, Task};
