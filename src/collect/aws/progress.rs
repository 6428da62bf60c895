//! How far a scan is, on a terminal.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::guard::Totals;

const TEMPLATE: &str = "{spinner} {bar:24} {pos}/{len} partitions  {msg}  {elapsed} elapsed, {eta} left";

/// A progress bar on stderr; silent where nobody watches.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    totals: Arc<Totals>,
    scope: String,
}

impl Progress {
    /// A bar that shows what happens before partitions are known.
    pub fn new(wanted: bool, totals: Arc<Totals>) -> Self {
        let watched = wanted && std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        let bar = if watched {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}  {elapsed}") {
                bar.set_style(style);
            }
            bar.set_message("finding accounts and Regions");
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        } else {
            ProgressBar::hidden()
        };
        Self { bar, totals, scope: String::new() }
    }

    /// The partitions are known; some are there already when a scan is resumed.
    pub fn start(&mut self, accounts: usize, regions: usize, done: usize, planned: usize) {
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            self.bar.set_style(style);
        }
        self.bar.set_length(planned as u64);
        // What an earlier run read says nothing about the time that this one takes.
        self.bar.set_position(done as u64);
        self.bar.reset_eta();
        self.scope = format!("{accounts} accounts, {regions} Regions");
        self.update();
    }

    /// A partition is written.
    pub fn done(&self) {
        self.bar.inc(1);
    }

    /// Shows the calls and throttles so far.
    pub fn update(&self) {
        if !self.bar.is_hidden() {
            let (calls, throttles) = (self.totals.calls(), self.totals.throttles());
            self.bar.set_message(format!("{}, {calls} calls, {throttles} throttled", self.scope));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
