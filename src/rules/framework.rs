//! Frameworks: what others ask for, and which rules answer it. The mapping itself is in the rules, under `maps`.

use serde::Deserialize;

use super::{Rule, RuleSet, raw};
use crate::diagnostic::{Diagnostics, SourceFile};
use crate::model::Text;
use crate::yaml;

/// The files that come with the program: path and text.
static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/frameworks.rs"));

/// A list of items that somebody else published.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// The word of the command line: `ftr`.
    pub id: String,
    /// What people call it.
    pub title: Text,
    /// What it is, what of it is listed here, and what could not be confirmed.
    pub about: Text,
    /// The key of a rule's `maps` that holds its ids.
    pub maps: Key,
    /// Where it is published.
    pub sources: Vec<String>,
    /// Its items that are about disaster recovery.
    pub items: Vec<Item>,
}

/// One thing that a framework asks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its id there.
    pub id: String,
    /// What it asks for, in our words.
    pub title: Text,
    /// Why no rule answers it, if none ever will.
    pub without: Option<Text>,
}

/// The key of a rule's `maps`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// Trusted Advisor check ids.
    TrustedAdvisor,
    /// AWS Config managed rules.
    Config,
    /// Security Hub controls.
    SecurityHub,
    /// FTR items.
    Ftr,
    /// Well-Architected best practices.
    WellArchitected,
}

impl Key {
    /// The ids under that key.
    pub fn ids(self, maps: &raw::Maps) -> &[String] {
        match self {
            Key::TrustedAdvisor => &maps.trusted_advisor,
            Key::Config => &maps.config,
            Key::SecurityHub => &maps.security_hub,
            Key::Ftr => &maps.ftr,
            Key::WellArchitected => &maps.well_architected,
        }
    }
}

impl Framework {
    /// All frameworks, in the order of their ids.
    ///
    /// # Errors
    /// A defect of our own files, which the tests rule out.
    pub fn all() -> Result<Vec<Self>, Diagnostics> {
        let read = |(path, text): &(&str, &str)| yaml::parse(&SourceFile::new(*path, text));
        let mut frameworks: Vec<Self> =
            EMBEDDED.iter().map(read).collect::<Result<_, _>>().map_err(|problem| Diagnostics(vec![*problem]))?;
        frameworks.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(frameworks)
    }

    /// Whether a rule answers any of its items.
    pub fn covers(&self, rule: &Rule) -> bool {
        self.maps.ids(&rule.maps).iter().any(|id| self.items.iter().any(|item| item.id == *id))
    }

    /// The rules that answer an item.
    pub fn rules<'a>(&self, item: &Item, rules: &'a RuleSet) -> impl Iterator<Item = &'a Rule> {
        let key = self.maps;
        let id = item.id.clone();
        rules.rules.iter().map(|rule| &**rule).filter(move |rule| key.ids(&rule.maps).contains(&id))
    }
}
