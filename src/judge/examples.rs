//! The examples that rules carry, run as tests.

use jiff::Timestamp;

use super::verdict::judge_one;
use crate::diagnostic::Diagnostic;
use crate::model::Type;
use crate::model::json::to_json;
use crate::rules::RuleSet;

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
    run
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
