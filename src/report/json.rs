//! `report.json`: the report model as it is, schema `sonae.report/1`.

use crate::assess::model::Report;

/// The model as indented JSON with a newline at the end. The same model gives the same bytes.
///
/// # Errors
/// A value that JSON cannot hold.
pub fn render(report: &Report) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::report::sample::sample;

    #[test]
    fn reads_back_as_the_same_model() {
        for language in [Language::Ja, Language::En] {
            let report = sample(language);
            let text = render(&report).expect("JSON");
            assert_eq!(text, render(&report).expect("JSON"));
            assert!(text.starts_with("{\n  \"schema\": \"sonae.report/1\"") && text.ends_with("}\n"));
            assert_eq!(serde_json::from_str::<Report>(&text).expect("the model"), report);
        }
    }

    #[test]
    fn control_characters_are_escaped() {
        let text = render(&sample(Language::En)).expect("JSON");
        assert!(text.contains("\\u001b[31m") && !text.contains('\u{1b}'));
    }
}
