//! The page for browsers.

use crate::assess::model::Report;

/// The whole page.
///
/// # Errors
/// A template that fails.
pub fn render(report: &Report) -> Result<String, askama::Error> {
    let _ = report;
    Err(askama::Error::Custom("the page is not part of this build".into()))
}
