//! The waivers file: failures that people accept, for a reason and for a time.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use super::answers::date;
use super::owner::wildcard;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};
use crate::model::{Resource, Value};
use crate::rules::RuleSet;
use crate::yaml;

/// `waivers.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    #[expect(dead_code, reason = "there is one version so far")]
    version: u32,
    #[serde(default)]
    waivers: Vec<Entry>,
}

/// A waiver as people write it. Everything but the scope is mandatory.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: Spanned<String>,
    #[serde(default)]
    scope: Scope,
    reason: Spanned<String>,
    owner: Spanned<String>,
    approver: Spanned<String>,
    expires: Spanned<String>,
}

/// What a waiver covers: all that is stated must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The resource's id or ARN, `*` as a wildcard.
    pub resource: Option<String>,
    /// The workload.
    pub workload: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// Tags, `*` as a wildcard in the value.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// A waiver that was read and checked.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The rule.
    pub rule: String,
    /// What it covers.
    pub scope: Scope,
    /// Why the failure is accepted.
    pub reason: String,
    /// Who asked for it.
    pub owner: String,
    /// Who accepted it.
    pub approver: String,
    /// The last day on which it holds, as YYYY-MM-DD.
    pub expires: String,
    /// Whether there is a rule of that id.
    pub known: bool,
    /// The end of that day, UTC.
    ends: Timestamp,
}

/// Waivers that were read and checked.
#[derive(Debug, Default)]
pub struct Waivers {
    /// In the order of the file: the first that covers a failure wins.
    pub waivers: Vec<Waiver>,
    /// What is odd but does not stop the run.
    pub warnings: Vec<Diagnostic>,
}

/// Where a waiver stands in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// It holds.
    Active,
    /// It holds, for at most 30 days more.
    ExpiresSoon,
    /// It no longer holds.
    Expired,
}

const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Waivers {
    /// Reads and checks the text of a waivers file. `rules` are all rules, not just the selected ones.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn parse(file: &SourceFile, rules: &RuleSet) -> Result<Self, Diagnostics> {
        let raw: File = yaml::parse(file).map_err(|problem| Diagnostics(vec![*problem]))?;
        let mut problems = Vec::new();
        let mut waivers = Self::default();
        for entry in raw.waivers {
            let known = rules.get(&entry.rule.value).is_some();
            if !known {
                let warning = Diagnostic::warning(
                    file,
                    yaml::span(&entry.rule),
                    format!("no rule is called `{}`", entry.rule.value),
                );
                waivers.warnings.push(match rules.suggest(&entry.rule.value) {
                    Some(known) => warning.help(format!("did you mean `{known}`?")),
                    None => warning.help("`sonae rules list` names them all"),
                });
            }
            for (name, text) in [("reason", &entry.reason), ("owner", &entry.owner), ("approver", &entry.approver)] {
                if text.value.trim().is_empty() {
                    problems.push(
                        Diagnostic::error(file, yaml::span(text), format!("the waiver has an empty `{name}`"))
                            .help("a waiver says why, who asked and who accepted"),
                    );
                }
            }
            let Some(start) = date(file, &entry.expires, &mut problems) else { continue };
            let ends = start.checked_add(SignedDuration::from_hours(24)).unwrap_or(start);
            waivers.waivers.push(Waiver {
                rule: entry.rule.value,
                scope: entry.scope,
                reason: entry.reason.value,
                owner: entry.owner.value,
                approver: entry.approver.value,
                expires: entry.expires.value,
                known,
                ends,
            });
        }
        if problems.is_empty() { Ok(waivers) } else { Err(Diagnostics(problems)) }
    }

    /// Whether any waiver is for resources with certain tags, so that tags must be read.
    pub fn select_by_tags(&self) -> bool {
        self.waivers.iter().any(|waiver| !waiver.scope.tags.is_empty())
    }

    /// The waivers of a rule whose scope holds a resource, expired or not, by their place. Whether it does is unknown where
    /// tags decide that could not be read.
    pub fn about<'a>(
        &'a self,
        rule: &'a str,
        resource: &'a Resource,
        workload: &'a str,
    ) -> impl Iterator<Item = (usize, Option<bool>)> + 'a {
        self.waivers
            .iter()
            .enumerate()
            .filter(move |(_, waiver)| waiver.rule == rule)
            .map(move |(place, waiver)| (place, waiver.scope.holds(resource, workload)))
            .filter(|(_, holds)| *holds != Some(false))
    }

    /// The waivers that cover a failure, expired or not. Tags that could not be read cover nothing: a waiver is never
    /// assumed.
    pub fn covering<'a>(
        &'a self,
        rule: &'a str,
        resource: &'a Resource,
        workload: &'a str,
    ) -> impl Iterator<Item = &'a Waiver> {
        let covering = self.about(rule, resource, workload).filter(|(_, holds)| *holds == Some(true));
        covering.map(|(place, _)| &self.waivers[place])
    }
}

impl Waiver {
    /// Where it stands at that time.
    pub fn term(&self, now: Timestamp) -> Term {
        if now >= self.ends {
            Term::Expired
        } else if self.ends.duration_since(now) <= SOON {
            Term::ExpiresSoon
        } else {
            Term::Active
        }
    }
}

impl Scope {
    /// Whether a resource lies within it; none when that depends on tags that could not be read.
    fn holds(&self, resource: &Resource, workload: &str) -> Option<bool> {
        let is = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted == found);
        let named = |pattern: &String| {
            wildcard(pattern, &resource.id) || (!resource.arn.is_empty() && wildcard(pattern, &resource.arn))
        };
        let place = self.resource.as_ref().is_none_or(named)
            && is(&self.workload, workload)
            && is(&self.account, &resource.account)
            && is(&self.region, &resource.region);
        if !place || self.tags.is_empty() {
            return Some(place);
        }
        match resource.field("tags") {
            Some(Value::Map(tags)) => Some(
                self.tags
                    .iter()
                    .all(|(key, pattern)| tags.get(key.as_str()).is_some_and(|value| wildcard(pattern, value))),
            ),
            Some(Value::Unknown(_)) => None,
            _ => Some(false),
        }
    }

    /// The scope in one line.
    pub fn describe(&self) -> String {
        let mut parts: Vec<String> = [
            ("resource", &self.resource),
            ("workload", &self.workload),
            ("account", &self.account),
            ("region", &self.region),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| format!("{name}={value}")))
        .collect();
        parts.extend(self.tags.iter().map(|(key, value)| format!("tag:{key}={value}")));
        if parts.is_empty() { "*".to_owned() } else { parts.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::types::s3::BUCKET;
    use crate::model::{Unknown, UnknownReason};
    use crate::slot;

    fn bucket(tags: Value) -> Resource {
        let mut bucket = Resource::new(&BUCKET, "111111111111", "ap-northeast-1", "assets");
        bucket.set(slot!(BUCKET, "tags"), tags);
        bucket
    }

    #[test]
    fn tags_that_could_not_be_read_decide_nothing() {
        let scope = Scope { tags: [("Class".to_owned(), "log*".to_owned())].into(), ..Scope::default() };
        let unread = Value::unknown(Unknown::new(UnknownReason::Denied, ""));
        assert_eq!(scope.holds(&bucket(Value::map([("Class", "logs")])), "mks"), Some(true));
        assert_eq!(scope.holds(&bucket(Value::map([("Class", "data")])), "mks"), Some(false));
        assert_eq!(scope.holds(&bucket(unread.clone()), "mks"), None);
        let elsewhere = Scope { workload: Some("lem".to_owned()), ..scope };
        assert_eq!(elsewhere.holds(&bucket(unread), "mks"), Some(false), "the workload decides already");
    }

    #[test]
    fn a_waiver_holds_to_the_end_of_its_last_day() {
        let waiver = |expires: &str| {
            let text = format!("waivers:\n  - {{ rule: a, reason: b, owner: c, approver: d, expires: {expires} }}\n");
            Waivers::parse(&SourceFile::new("waivers.yaml", &text), &RuleSet::default()).unwrap().waivers.remove(0)
        };
        let now: Timestamp = "2026-10-01T23:59:59Z".parse().unwrap();
        assert_eq!(waiver("2026-10-01").term(now), Term::ExpiresSoon);
        assert_eq!(waiver("2026-09-30").term(now), Term::Expired);
        assert_eq!(waiver("2026-10-30").term(now), Term::ExpiresSoon);
        assert_eq!(waiver("2026-11-01").term(now), Term::Active);
    }
}
