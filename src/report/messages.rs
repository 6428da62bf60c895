//! The words of reports that do not come from rules, in both languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::diagnostic::SourceFile;
use crate::model::Language;
use crate::yaml;

/// Texts by group and key, as in `report-templates/messages/<language>.yaml`.
#[derive(Debug)]
pub struct Messages(BTreeMap<String, BTreeMap<String, String>>);

impl Messages {
    /// The words of one language.
    pub fn of(language: Language) -> &'static Self {
        static JA: LazyLock<Messages> =
            LazyLock::new(|| load("ja.yaml", include_str!("../../report-templates/messages/ja.yaml")));
        static EN: LazyLock<Messages> =
            LazyLock::new(|| load("en.yaml", include_str!("../../report-templates/messages/en.yaml")));
        match language {
            Language::Ja => &JA,
            Language::En => &EN,
        }
    }

    /// The text of that key; the key itself where a file lacks it, which a test rules out for what the code uses.
    pub fn get<'a>(&'a self, group: &str, key: &'a str) -> &'a str {
        self.0.get(group).and_then(|texts| texts.get(key)).map_or(key, String::as_str)
    }

    /// The text of that key with `{name}` replaced.
    pub fn format(&self, group: &str, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.get(group, key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

fn load(name: &str, text: &str) -> Messages {
    // The files are part of the program and a test reads both, so a problem here is one of the build.
    Messages(yaml::parse(&SourceFile::new(name, text)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_placeholders() {
        let (ja, en) = (Messages::of(Language::Ja), Messages::of(Language::En));
        assert!(ja.0.len() > 5, "the texts are there");
        let keys = |messages: &Messages| -> Vec<String> {
            messages.0.iter().flat_map(|(group, texts)| texts.keys().map(move |key| format!("{group}.{key}"))).collect()
        };
        assert_eq!(keys(ja), keys(en));
        let placeholders = |text: &str| {
            let mut found: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'))
                .map(|(name, _)| name.to_owned())
                .collect();
            found.sort();
            found
        };
        for (group, texts) in &ja.0 {
            for (key, text) in texts {
                assert_eq!(placeholders(text), placeholders(&en.0[group][key]), "{group}.{key}");
                assert!(!text.is_empty() && !en.0[group][key].is_empty(), "{group}.{key}");
            }
        }
    }
}
