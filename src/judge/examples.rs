//! The examples that rules carry, run as tests.

use jiff::Timestamp;

use super::recovery::{Reach, acting, estimates, is_store};
use super::verdict::judge_one;
use crate::diagnostic::Diagnostic;
use crate::model::json::to_json;
use crate::model::types::recovery::SCOPES;
use crate::model::{Seconds, Type};
use crate::rules::{Recovery, RuleSet, recovery};

/// When examples are judged: 2026-01-15T00:00:00Z.
pub const EXAMPLE_TIME: Timestamp = Timestamp::constant(1_768_435_200, 0);

/// The outcome of all examples.
#[derive(Debug, Default)]
pub struct ExampleRun {
    /// How many came out as expected.
    pub passed: usize,
    /// Those that did not.
    pub failed: Vec<Diagnostic>,
}

/// Runs every example of every rule.
pub fn run_examples(rules: &RuleSet) -> ExampleRun {
    let mut run = ExampleRun::default();
    for rule in &rules.rules {
        for example in &rule.examples {
            let Some(target) = example.own_target.as_ref().or_else(|| rule.targets.get(example.target)) else {
                continue;
            };
            let judgement =
                judge_one(rule, target, &example.resource, &example.workload, example.answer.as_ref(), EXAMPLE_TIME);
            if judgement.status == example.expect {
                run.passed += 1;
                continue;
            }
            let decided: Vec<String> = judgement
                .decisions
                .iter()
                .map(|decision| {
                    let values: Vec<String> = decision
                        .values
                        .iter()
                        .map(|(path, value)| format!("{path} = {}", to_json(value, Type::Str)))
                        .collect();
                    format!("`{}` with {}", decision.text, values.join(", "))
                })
                .collect();
            let diagnostic = Diagnostic::error(
                &rule.file,
                example.span.clone(),
                format!(
                    "rule {}: the example `{}` is {}, not {}",
                    rule.id,
                    example.name,
                    judgement.status.as_str(),
                    example.expect.as_str()
                ),
            )
            .label(format!("expected {}", example.expect.as_str()));
            run.failed.push(match (decided.is_empty(), judgement.open) {
                (false, _) => diagnostic.help(format!("decided by {}", decided.join("; "))),
                (true, Some(open)) => diagnostic.help(format!("the question is open: {open:?}")),
                (true, None) => diagnostic,
            });
        }
    }
    for recovery in rules.recovery.iter() {
        for example in &recovery.examples {
            let problems = recovery_example(recovery, example);
            if problems.is_empty() {
                run.passed += 1;
                continue;
            }
            let name = recovery.ty.name;
            let message = format!("recovery of {name}: the example `{}` comes out otherwise", example.name);
            run.failed.push(
                Diagnostic::error(&recovery.file, example.span.clone(), message)
                    .label(problems.join("; "))
                    .help("mend the mechanism or the example"),
            );
        }
    }
    run
}

/// What of an example of recovery does not come out as expected.
fn recovery_example(recovery: &Recovery, example: &recovery::Example) -> Vec<String> {
    let (resource, workload, expect) = (&example.resource, &example.workload, &example.expect);
    let mut problems = Vec::new();
    let mut compare = |what: &str, expected: &Option<String>, found: String| {
        if let Some(expected) = expected
            && *expected != found
        {
            problems.push(format!("{what} is {found}, not {expected}"));
        }
    };
    let store = is_store(recovery, resource, workload, EXAMPLE_TIME).to_string();
    compare("being a store of its own", &expect.store.map(|expected| expected.to_string()), store);
    let acting = acting(recovery, resource, workload, EXAMPLE_TIME);
    compare("responsibility", &expect.responsibility, acting.map_or("unknown", |acting| acting.who).to_owned());
    let scope = expect.scope.as_deref().and_then(|scope| SCOPES.iter().position(|known| *known == scope));
    let estimates = estimates(recovery, resource, workload, EXAMPLE_TIME, |_| None);
    if let Some(estimate) = scope.and_then(|scope| estimates.get(scope)) {
        let best = estimate.ways.first();
        let normal = |text: &Option<String>| {
            text.as_ref().map(|text| Seconds::parse(text).map_or_else(|_| text.clone(), |seconds| seconds.to_string()))
        };
        let figure = |reach: Option<&Reach>| match reach {
            Some(Reach::Known(seconds, _)) => seconds.to_string(),
            Some(Reach::Unknown(_)) => "unknown".to_owned(),
            None if estimate.open.is_some() => "unknown".to_owned(),
            None => "none".to_owned(),
        };
        let mechanism = best.map_or_else(|| "none".to_owned(), |way| way.mechanism.id.clone());
        compare("the mechanism", &expect.mechanism, mechanism);
        compare("the RPO", &normal(&expect.rpo), figure(best.map(|way| &way.rpo)));
        compare("the RTO", &normal(&expect.rto), figure(best.map(|way| &way.rto)));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Overrides;

    #[test]
    fn our_own_rules_load_and_their_examples_hold() {
        let rules = match RuleSet::load(&[], &Overrides::new()) {
            Ok(rules) => rules,
            Err(problems) => {
                let rendered: Vec<String> = problems.0.iter().map(|problem| problem.render(false)).collect();
                panic!("{}", rendered.join("\n\n"));
            }
        };
        let run = run_examples(&rules);
        let failed: Vec<String> = run.failed.iter().map(|problem| problem.render(false)).collect();
        assert!(failed.is_empty(), "{}", failed.join("\n\n"));
        assert!(run.passed > rules.rules.len(), "every rule has examples");
    }
}
