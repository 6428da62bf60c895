//! From what people wrote to what it means, with every problem on the way.

use std::ops::Range;
use std::sync::Arc;

use serde_saphyr::Spanned;

use super::raw::{self, ByScope, Names};
use super::{AccountSource, Accounts, Manifest, Measurement, Regions, Rules, Select, Workload};
use crate::diagnostic::{Diagnostic, Placed, SourceFile, suggestion};
use crate::model::types::workload::{BY_SCOPE, FAILOVER, OBJECTIVES, STRATEGIES, TIERS, WORKLOAD};
use crate::model::{Language, Resource, Seconds, Text, Value};
use crate::{record, slot, yaml};

/// A month of 30 days, as the catalogue counts downtime budgets.
const MONTH: i64 = 30 * 86_400;

/// Gathers problems while values are converted.
struct Check<'a> {
    file: &'a SourceFile,
    problems: Vec<Diagnostic>,
}

/// Turns the shape of the file into its meaning. Problems are among its warnings, errors too: the caller decides.
pub(super) fn validate(file: &SourceFile, raw: raw::Manifest) -> Manifest {
    let mut check = Check { file, problems: Vec::new() };
    if let Some(version) = &raw.version
        && version.value != 1
    {
        check.error(
            yaml::span(version),
            format!("version {} of the manifest is not known", version.value),
            "write `version: 1`",
        );
    }
    let language = raw.language.unwrap_or_default();
    let default_workload = check.workload("default", raw.defaults.unwrap_or_default(), language, true);
    let mut workloads: Vec<Workload> = Vec::with_capacity(raw.workloads.len());
    for entry in raw.workloads {
        let place = yaml::span(&entry);
        let raw = entry.value;
        let Some(name) = raw.name.clone() else {
            check.error(place, "the workload has no name".to_owned(), "add `name:` to every entry of `workloads`");
            continue;
        };
        if name.value == "default" || workloads.iter().any(|workload| *workload.name == name.value) {
            check.error(
                yaml::span(&name),
                format!("the workload name `{}` is taken", name.value),
                "give every workload a name of its own; `default` stands for `defaults`",
            );
        }
        workloads.push(check.workload(&name.value, raw, language, false));
    }
    let accounts = check.accounts(raw.accounts);
    let regions = check.regions(raw.regions);
    check.problems.sort_by_key(|problem| problem.span.start);
    Manifest {
        organization: raw.organization,
        language,
        accounts,
        regions,
        workloads,
        default_workload,
        answers: raw.answers,
        waivers: raw.waivers,
        rules: Rules {
            dirs: raw.rules.dirs,
            disable: raw.rules.disable.into_iter().map(|id| placed(file, id)).collect(),
            params: raw
                .rules
                .params
                .into_iter()
                .map(|(rule, params)| {
                    (rule, params.into_iter().map(|(name, value)| (name, placed(file, value))).collect())
                })
                .collect(),
        },
        terraform_states: raw.iac.terraform_states,
        history: raw.history,
        warnings: check.problems,
        source: file.clone(),
    }
}

fn placed<T>(file: &SourceFile, value: Spanned<T>) -> Placed<T> {
    Placed { span: yaml::span(&value), file: file.clone(), value: value.value }
}

impl Check<'_> {
    fn error(&mut self, span: Range<usize>, message: String, help: impl Into<String>) {
        self.problems.push(Diagnostic::error(self.file, span, message).help(help));
    }

    fn account(&mut self, id: &Spanned<String>) -> String {
        let span = yaml::span(id);
        let quoted = self.file.text.get(span.start..).is_some_and(|rest| rest.starts_with(['"', '\'']));
        if id.value.len() != 12 || !id.value.bytes().all(|byte| byte.is_ascii_digit()) {
            self.error(
                span,
                format!("`{}` is not an account id", id.value),
                "an account id is twelve digits, in quotes",
            );
        } else if !quoted {
            self.problems.push(
                Diagnostic::warning(self.file, span, format!("the account id {} is not in quotes", id.value))
                    .label("read as written")
                    .help(format!(
                        "write \"{}\": other YAML readers take it for a number and drop leading zeros",
                        id.value
                    )),
            );
        }
        id.value.clone()
    }

    fn region(&mut self, region: &Spanned<String>) -> String {
        let plain = region.value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        // An Availability Zone such as ap-northeast-1a is no Region.
        let numbered =
            region.value.rsplit('-').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        if !plain || !numbered || region.value.split('-').count() < 3 {
            self.error(
                yaml::span(region),
                format!("`{}` is not a Region", region.value),
                "write the Region's code, such as ap-northeast-1",
            );
        }
        region.value.clone()
    }

    fn duration(&mut self, text: &Spanned<String>) -> Option<Seconds> {
        self.duration_at(&text.value, yaml::span(text))
    }

    fn duration_at(&mut self, text: &str, span: Range<usize>) -> Option<Seconds> {
        Seconds::parse(text).map_err(|error| self.error(span, error.to_string(), "examples: 5m, 90m, 1h, 24h, 7d")).ok()
    }

    fn word(&mut self, word: &Spanned<String>, words: &[&str]) -> Value {
        if !words.contains(&word.value.as_str()) {
            let help = suggestion(&word.value, words.iter().copied())
                .map_or_else(|| format!("one of {}", words.join(", ")), |name| format!("did you mean `{name}`?"));
            self.error(yaml::span(word), format!("`{}` is not one of the words allowed here", word.value), help);
        }
        Value::str(&word.value)
    }

    fn accounts(&mut self, raw: Option<raw::Accounts>) -> Accounts {
        let settings = match raw {
            None => raw::AccountSettings::default(),
            Some(raw::Accounts::List(list)) => raw::AccountSettings { list, ..Default::default() },
            Some(raw::Accounts::Settings(settings)) => *settings,
        };
        let list: Vec<String> = settings.list.iter().map(|id| self.account(id)).collect();
        let from = match settings.discover {
            Some(word) => {
                self.word(&word, &["organizations"]);
                AccountSource::Organizations
            }
            None if list.is_empty() => AccountSource::Caller,
            None => AccountSource::List(list),
        };
        if let Some(role) = &settings.role
            && (role.value.is_empty() || role.value.contains(':') || role.value.starts_with('/'))
        {
            self.error(
                yaml::span(role),
                format!("`{}` is not a role name", role.value),
                "write the name (with its path) and no ARN: the account id is filled in for each account",
            );
        }
        Accounts {
            from,
            role: settings.role.map(|role| role.value),
            external_id: settings.external_id,
            exclude: settings.exclude.iter().map(|id| self.account(id)).collect(),
            include_ous: settings.ous.include,
            exclude_ous: settings.ous.exclude,
        }
    }

    fn regions(&mut self, raw: Option<Spanned<Names>>) -> Regions {
        match raw.map(|names| (yaml::span(&names), names.value)) {
            None => Regions::Enabled,
            Some((_, Names::One(word))) if word == "enabled" => Regions::Enabled,
            Some((span, Names::One(word))) => {
                let help = if word.contains('-') {
                    format!("write `regions: [{word}]`")
                } else {
                    "write `regions: enabled`, or a list such as [ap-northeast-1]".to_owned()
                };
                self.error(span, format!("`{word}` is neither a list of Regions nor `enabled`"), help);
                Regions::Enabled
            }
            Some((_, Names::Many(regions))) => {
                Regions::List(regions.iter().map(|region| self.region(region)).collect())
            }
        }
    }

    fn by_scope(&mut self, raw: Option<Spanned<ByScope>>) -> Value {
        let Some(raw) = raw else {
            return record!(BY_SCOPE {});
        };
        match &raw.value {
            ByScope::All(text) => {
                let value = Value::from(self.duration_at(text, yaml::span(&raw)));
                Value::Record(vec![value; BY_SCOPE.fields.len()].into())
            }
            ByScope::Each(each) => {
                let mut read = |text: &Option<Spanned<String>>| text.as_ref().and_then(|text| self.duration(text));
                record!(BY_SCOPE {
                    "data": read(&each.data),
                    "infrastructure": read(&each.infrastructure),
                    "az": read(&each.az),
                    "region": read(&each.region),
                })
            }
        }
    }

    /// `99.9%` -> 99.9. The percent sign is required, since 0.999 and 99.9 are both in use.
    fn slo(&mut self, raw: Option<Spanned<String>>) -> Option<f64> {
        let raw = raw?;
        let slo = raw
            .value
            .trim()
            .strip_suffix('%')
            .and_then(|number| number.trim().parse::<f64>().ok())
            .filter(|slo| *slo > 0.0 && *slo <= 100.0);
        if slo.is_none() {
            self.error(
                yaml::span(&raw),
                format!("`{}` is not an SLO", raw.value),
                "write a percentage of the month, such as 99.9%",
            );
        }
        slo
    }

    fn workload(&mut self, name: &str, raw: raw::Workload, language: Language, is_default: bool) -> Workload {
        let slo = self.slo(raw.objectives.slo);
        #[expect(clippy::cast_possible_truncation, reason = "a share of a month in seconds")]
        #[expect(clippy::cast_precision_loss, reason = "a month in seconds is far below 2^52")]
        let budget = slo.map(|slo| Seconds(((100.0 - slo) / 100.0 * MONTH as f64).round() as i64));
        let objectives = record!(OBJECTIVES {
            "slo": slo.map_or(Value::Null, Value::Double),
            "slo_month_budget": budget,
            "rpo": self.by_scope(raw.objectives.rpo),
            "rto": self.by_scope(raw.objectives.rto),
            "rlo": raw.objectives.rlo,
            "retention": raw.objectives.retention.as_ref().and_then(|text| self.duration(text)),
        });
        let failover = record!(FAILOVER {
            "build_after": raw.failover.build_after.as_ref().and_then(|text| self.duration(text)),
            "switch_after": raw.failover.switch_after.as_ref().and_then(|text| self.duration(text)),
            "confirm_with_support": raw.failover.confirm_with_support,
        });
        let title = raw.title.unwrap_or_else(|| {
            if is_default {
                Text { ja: "その他のリソース".to_owned(), en: "Other resources".to_owned() }
            } else {
                Text { ja: name.to_owned(), en: name.to_owned() }
            }
        });
        let mut resource = Resource::new(&WORKLOAD, "", "", name);
        resource.name = title.get(language).into();
        resource.set(slot!(WORKLOAD, "title"), title.get(language));
        resource.set(slot!(WORKLOAD, "tier"), raw.tier.as_ref().map(|tier| self.word(tier, TIERS)));
        resource.set(slot!(WORKLOAD, "primary_region"), raw.primary_region.as_ref().map(|region| self.region(region)));
        resource.set(slot!(WORKLOAD, "dr_region"), raw.dr_region.as_ref().map(|region| self.region(region)));
        resource
            .set(slot!(WORKLOAD, "strategy"), raw.strategy.as_ref().map(|strategy| self.word(strategy, STRATEGIES)));
        resource.set(slot!(WORKLOAD, "objectives"), objectives);
        resource.set(slot!(WORKLOAD, "failover"), failover);
        resource.set(slot!(WORKLOAD, "is_default"), is_default);
        let select = Select {
            accounts: raw.select.accounts.iter().map(|id| self.account(id)).collect(),
            tags: raw.select.tags,
            arns: raw.select.arns,
        };
        let measured = raw.recovery.measured.into_iter().filter_map(|raw| self.measurement(raw)).collect();
        Workload { name: Arc::from(name), select, resource, title, measured }
    }

    /// Whether the mechanism exists, only the rules know.
    fn measurement(&mut self, raw: raw::Measurement) -> Option<Measurement> {
        let rpo = raw.rpo.as_ref().and_then(|text| self.duration(text));
        let rto = raw.rto.as_ref().and_then(|text| self.duration(text));
        if raw.rpo.is_none() && raw.rto.is_none() {
            self.error(
                yaml::span(&raw.mechanism),
                format!("the measurement of `{}` states no figure", raw.mechanism.value),
                "add `rpo:`, `rto:` or both, such as 1h 35m",
            );
            return None;
        }
        if raw.on.value.parse::<jiff::civil::Date>().is_err() {
            self.error(yaml::span(&raw.on), format!("`{}` is not a date", raw.on.value), "write it as 2026-10-01");
            return None;
        }
        Some(Measurement {
            mechanism: placed(self.file, raw.mechanism),
            store: raw.store,
            rpo,
            rto,
            on: placed(self.file, raw.on),
            source: raw.source,
        })
    }
}
