//! Expressions of rules in three-valued logic.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use sonae::judge::evaluate::{Decision, Surroundings, Truth, decisions, truth, value};
use sonae::model::types::rds::DB_INSTANCE;
use sonae::model::types::s3::BUCKET;
use sonae::model::types::workload::{BY_SCOPE, FAILOVER, OBJECTIVES, WORKLOAD_RECORD};
use sonae::model::{Resource, ResourceType, Seconds, Unknown, UnknownReason, Value};
use sonae::record;
use sonae::rules::expression::{Expression, ExpressionProblem, Scope, lower};

fn checked(text: &str, ty: &'static ResourceType) -> Result<Expression, Vec<ExpressionProblem>> {
    lower(text, &Scope { resource: ty, params: &BTreeMap::new(), answer: &[] })
}

fn now() -> Timestamp {
    "2026-01-15T00:00:00Z".parse().expect("a time")
}

fn denied() -> Value {
    Value::unknown(Unknown::new(UnknownReason::Denied, "AccessDenied"))
}

fn set(resource: &mut Resource, name: &str, value: impl Into<Value>) {
    let (slot, _) = resource.ty.field(name).unwrap_or_else(|| panic!("no field {name}"));
    resource.set(slot, value);
}

/// A bucket with something of everything: true, false, null and unknown.
fn bucket() -> Resource {
    let mut bucket = Resource::new(&BUCKET, "111111111111", "ap-northeast-1", "assets");
    for field in &mut bucket.fields {
        *field = Value::Null;
    }
    set(&mut bucket, "versioning", "Enabled");
    set(&mut bucket, "mfa_delete", denied());
    set(&mut bucket, "object_lock_enabled", true);
    set(&mut bucket, "native_backup", false);
    set(&mut bucket, "object_lock_retention", Seconds::from_days(7));
    set(&mut bucket, "created", "2026-01-14T00:00:00Z".parse::<Timestamp>().expect("a time"));
    set(&mut bucket, "tags", Value::map([("System", "mks")]));
    let replica =
        |status: &str, region: Value| record!(sonae::model::types::s3::REPLICA { "status": status, "region": region });
    set(
        &mut bucket,
        "replicas",
        Value::list([replica("Enabled", Value::str("ap-northeast-3")), replica("Disabled", denied())]),
    );
    bucket
}

fn workload() -> Value {
    record!(WORKLOAD_RECORD {
        "tier": "critical",
        "objectives": record!(OBJECTIVES {
            "rpo": record!(BY_SCOPE { "data": Seconds(3600) }),
            "rto": record!(BY_SCOPE {}),
        }),
        "failover": record!(FAILOVER {}),
    })
}

fn judged(text: &str) -> Truth {
    let expression = checked(text, &BUCKET).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    let (resource, workload) = (bucket(), workload());
    truth(&expression, &Surroundings { resource: &resource, workload: &workload, answer: &[], now: now() })
}

fn letter(truth: &Truth) -> char {
    match truth {
        Truth::True => 'T',
        Truth::False => 'F',
        Truth::Unknown(_) => 'U',
    }
}

#[track_caller]
fn table(rows: &[(&str, char)]) {
    for (text, expected) in rows {
        assert_eq!(letter(&judged(text)), *expected, "{text}");
    }
}

/// The bucket's way to say true, false and unknown.
const T: &str = "resource.object_lock_enabled";
const F: &str = "resource.native_backup";
const U: &str = "resource.mfa_delete == \"Enabled\"";

#[test]
fn conjunction_disjunction_and_negation_are_kleenes() {
    let operands = [('T', T), ('F', F), ('U', U)];
    for ((a, a_text), (b, b_text), and, or) in [
        (operands[0], operands[0], 'T', 'T'),
        (operands[0], operands[1], 'F', 'T'),
        (operands[0], operands[2], 'U', 'T'),
        (operands[1], operands[1], 'F', 'F'),
        (operands[1], operands[2], 'F', 'U'),
        (operands[2], operands[2], 'U', 'U'),
    ] {
        for (left, right) in [(a_text, b_text), (b_text, a_text)] {
            assert_eq!(letter(&judged(&format!("{left} && {right}"))), and, "{a} && {b}");
            assert_eq!(letter(&judged(&format!("{left} || {right}"))), or, "{a} || {b}");
        }
    }
    table(&[
        ("!resource.object_lock_enabled", 'F'),
        ("!resource.native_backup", 'T'),
        ("!(resource.mfa_delete == \"Enabled\")", 'U'),
        ("resource.mfa_delete == \"Enabled\" ? true : true", 'U'),
        ("resource.object_lock_enabled ? resource.native_backup : resource.mfa_delete == null", 'F'),
    ]);
}

#[test]
fn quantifiers_are_long_conjunctions_and_disjunctions() {
    table(&[
        // One replica's Region is known, the other's is not.
        ("resource.replicas.exists(r, r.region == \"ap-northeast-3\")", 'T'),
        ("resource.replicas.exists(r, r.region == \"eu-west-1\")", 'U'),
        ("resource.replicas.all(r, r.region == \"ap-northeast-3\")", 'U'),
        ("resource.replicas.all(r, r.region == \"eu-west-1\")", 'F'),
        ("resource.replicas.all(r, r.status != null)", 'T'),
        ("[].all(x, false)", 'T'),
        ("[].exists(x, true)", 'F'),
        ("resource.replicas.filter(r, r.status == \"Enabled\").all(r, r.region == \"ap-northeast-3\")", 'T'),
        ("resource.replicas.filter(r, r.region == \"ap-northeast-3\").exists(r, r.status == \"Enabled\")", 'T'),
        // Whether an item belongs may be unknown; the others are there all the same.
        ("resource.replicas.filter(r, r.region == \"eu-west-1\").exists(r, r.status == \"Enabled\")", 'U'),
        ("resource.replicas.filter(r, r.region == \"ap-northeast-3\").all(r, r.status == \"Enabled\")", 'U'),
        ("size(resource.replicas.filter(r, r.region == \"ap-northeast-3\")) >= 1", 'T'),
        ("size(resource.replicas.filter(r, r.region == \"eu-west-1\")) == 0", 'U'),
        ("\"ap-northeast-3\" in resource.replicas.map(r, r.region)", 'T'),
        ("\"eu-west-1\" in resource.replicas.map(r, r.region)", 'U'),
        ("size(resource.replicas) == 2", 'T'),
        // Absent is not empty.
        ("resource.lifecycle_rules.all(rule, rule.status == \"Enabled\")", 'U'),
        ("resource.lifecycle_rules == null || resource.lifecycle_rules.all(rule, rule.status == \"Enabled\")", 'T'),
        ("size(resource.lifecycle_rules) == 0", 'U'),
    ]);
}

#[test]
fn absent_is_a_value_that_equals_itself_and_has_no_size() {
    table(&[
        ("resource.object_lock_mode == null", 'T'),
        ("resource.object_lock_mode != null", 'F'),
        ("resource.object_lock_mode == \"COMPLIANCE\"", 'F'),
        ("resource.object_lock_mode != \"COMPLIANCE\"", 'T'),
        ("resource.versioning == null", 'F'),
        ("resource.mfa_delete == null", 'U'),
        ("resource.mfa_delete != null", 'U'),
        ("objectives.rpo.data != null", 'T'),
        ("objectives.rpo.region == null", 'T'),
        // An objective that is not declared is neither met nor missed.
        ("objectives.rpo.region >= duration(\"1h\")", 'U'),
        ("objectives.rpo.region < duration(\"1h\")", 'U'),
        ("resource.object_lock_retention >= objectives.retention", 'U'),
        ("workload.failover.build_after == null", 'T'),
    ]);
}

#[test]
fn a_list_that_may_have_more_items_has_at_least_the_known_ones() {
    // One Region is known; the other item may be a second one, the same one, several or none.
    let mut resource = bucket();
    set(&mut resource, "live_copy_regions", Value::list([Value::str("ap-northeast-3"), denied()]));
    let workload = workload();
    let surroundings = Surroundings { resource: &resource, workload: &workload, answer: &[], now: now() };
    for (text, expected) in [
        ("size(resource.live_copy_regions) > 0", 'T'),
        ("size(resource.live_copy_regions) >= 1", 'T'),
        ("size(resource.live_copy_regions) != 0", 'T'),
        ("size(resource.live_copy_regions) >= 2", 'U'),
        ("size(resource.live_copy_regions) > 1", 'U'),
        ("size(resource.live_copy_regions) == 1", 'U'),
        ("size(resource.live_copy_regions) == 2", 'U'),
        ("size(resource.live_copy_regions) != 2", 'U'),
        ("size(resource.live_copy_regions) == 0", 'F'),
        ("size(resource.live_copy_regions) < 1", 'F'),
        ("size(resource.live_copy_regions) <= 0", 'F'),
        ("size(resource.live_copy_regions) <= 2", 'U'),
        ("0 < size(resource.live_copy_regions)", 'T'),
        ("2 <= size(resource.live_copy_regions)", 'U'),
        ("size(resource.live_copy_regions) + 1 > 1", 'U'),
        ("resource.live_copy_regions == []", 'U'),
        ("resource.live_copy_regions == [\"ap-northeast-3\"]", 'U'),
    ] {
        let expression = checked(text, &BUCKET).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
        assert_eq!(letter(&truth(&expression, &surroundings)), expected, "{text}");
    }
}

#[test]
fn membership_comparison_and_times() {
    table(&[
        ("resource.versioning in [\"Enabled\", \"Suspended\"]", 'T'),
        ("resource.versioning in [\"Suspended\"]", 'F'),
        ("resource.mfa_delete in [\"Enabled\"]", 'U'),
        ("resource.object_lock_mode in [\"COMPLIANCE\"]", 'F'),
        ("\"System\" in resource.tags", 'T'),
        ("\"Owner\" in resource.tags", 'F'),
        ("resource.tags[\"System\"] == \"mks\"", 'T'),
        ("resource.tags.System == \"mks\"", 'T'),
        ("resource.tags[\"Owner\"] == null", 'T'),
        ("resource.id.startsWith(\"as\") && resource.id.endsWith(\"ts\") && resource.id.contains(\"sse\")", 'T'),
        ("now - resource.created == duration(\"24h\")", 'T'),
        ("now - resource.created <= duration(\"1d\")", 'T'),
        ("now - resource.created < duration(\"1d\")", 'F'),
        ("resource.created + duration(\"1d\") == now", 'T'),
        ("resource.created - duration(\"1d\") < timestamp(\"2026-01-14T00:00:00Z\")", 'T'),
        ("resource.object_lock_retention == duration(\"1 week\")", 'T'),
        ("resource.object_lock_retention * 2 == duration(\"14d\")", 'T'),
        ("objectives.rpo.data + duration(\"30m\") == duration(\"90m\")", 'T'),
        ("1 + 2 * 3 == 7", 'T'),
        ("1.5 + 1 == 2.5", 'T'),
        ("1 == 1.0", 'T'),
        ("\"a\" + \"b\" == \"ab\"", 'T'),
    ]);
}

#[test]
fn what_cannot_hold_is_refused_when_it_is_loaded() {
    for text in [
        "resource.versoning == \"Enabled\"",
        "resource.versioning == true",
        "resource.versioning == \"On\"",
        "resource.object_lock_retention > 7",
        "resource.created > \"2026-01-01\"",
        "resource.created + resource.created == now",
        "resource.versioning && true",
        "resource.replicas.exists(r, r.regoin == \"x\")",
        "resource.replicas.exists(1, true)",
        "resource.tags.exists(t, true)",
        "has(resource.versioning)",
        "resource.versioning.matches(\"E.*\")",
        "{\"a\": 1}.a == 1",
        "duration(\"1 month\") == duration(\"30d\")",
        "7u == 7",
        "unknown_thing",
        "params.x == 1",
        "answer.x == 1",
        "",
        "(",
        "1 +",
    ] {
        assert!(checked(text, &BUCKET).is_err(), "{text}");
    }
}

#[test]
fn the_clause_that_decided_is_named_with_its_values() {
    let decided = |text: &str| -> Vec<(String, Vec<String>)> {
        let expression = checked(text, &BUCKET).expect("an expression");
        let (resource, workload) = (bucket(), workload());
        let surroundings = Surroundings { resource: &resource, workload: &workload, answer: &[], now: now() };
        let named = |decision: Decision| (decision.text, decision.values.into_iter().map(|(path, _)| path).collect());
        decisions(&expression, &surroundings).into_iter().map(named).collect()
    };
    let one = |text: &str, path: &str| vec![(text.to_owned(), vec![path.to_owned()])];
    let (locked, on) = ("resource.object_lock_enabled", "resource.versioning == \"Enabled\"");
    // Of a conjunction that fails, what is false; of what is unknown, what is unknown.
    assert_eq!(
        decided(&format!("{on} && resource.native_backup")),
        one("resource.native_backup", "resource.native_backup")
    );
    assert_eq!(
        decided(&format!("{on} && {U} && resource.native_backup")),
        one("resource.native_backup", "resource.native_backup")
    );
    assert_eq!(decided(&format!("{on} && {U}")), one(U, "resource.mfa_delete"));
    // Of a disjunction that fails, every part.
    assert_eq!(decided("resource.native_backup || resource.versioning == null").len(), 2);
    assert_eq!(decided(&format!("!({on} && {locked})")).len(), 2);
    assert_eq!(
        decided(&format!("{locked} ? resource.native_backup : {on}")),
        one("resource.native_backup", "resource.native_backup")
    );
}

#[test]
fn an_integer_sum_stays_in_range() {
    let mut instance = Resource::new(&DB_INSTANCE, "111111111111", "ap-northeast-1", "db");
    let Some(field) = DB_INSTANCE.fields.iter().find(|field| field.ty == sonae::model::Type::Int) else { return };
    set(&mut instance, field.name, i64::MAX);
    let expression = checked(&format!("resource.{} + 1 > 0", field.name), &DB_INSTANCE).expect("an expression");
    let workload = workload();
    let surroundings = Surroundings { resource: &instance, workload: &workload, answer: &[], now: now() };
    assert_eq!(truth(&expression, &surroundings), Truth::True);
    assert_eq!(value(&expression, &surroundings), Value::Bool(true));
}

/// A random condition over the bucket.
fn condition() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec![
        T.to_owned(),
        F.to_owned(),
        U.to_owned(),
        "resource.versioning == \"Enabled\"".to_owned(),
        "resource.object_lock_mode == null".to_owned(),
        "objectives.rpo.region > duration(\"1h\")".to_owned(),
        "resource.replicas.exists(r, r.region == \"eu-west-1\")".to_owned(),
        "resource.replicas.all(r, r.status == \"Enabled\")".to_owned(),
    ]);
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
        ]
    })
}

fn same(a: &str, b: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(letter(&judged(a)), letter(&judged(b)), "{} <> {}", a, b);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_laws_of_kleenes_logic_hold(a in condition(), b in condition(), c in condition()) {
        same(&format!("!(!({a}))"), &a)?;
        same(&format!("({a}) && ({a})"), &a)?;
        same(&format!("({a}) || ({a})"), &a)?;
        same(&format!("({a}) && ({b})"), &format!("({b}) && ({a})"))?;
        same(&format!("({a}) || ({b})"), &format!("({b}) || ({a})"))?;
        same(&format!("({a}) && (({b}) && ({c}))"), &format!("(({a}) && ({b})) && ({c})"))?;
        same(&format!("({a}) && (({b}) || ({c}))"), &format!("(({a}) && ({b})) || (({a}) && ({c}))"))?;
        same(&format!("!(({a}) && ({b}))"), &format!("!({a}) || !({b})"))?;
        same(&format!("!(({a}) || ({b}))"), &format!("!({a}) && !({b})"))?;
        same(&format!("({a}) || (({a}) && ({b}))"), &a)?;
    }

    #[test]
    fn what_is_decided_is_never_undone_by_knowing_more(a in condition()) {
        // Whatever the value that could not be read turns out to be, a verdict that did not need it stands.
        let expression = checked(&a, &BUCKET).expect("an expression");
        let workload = workload();
        let seen = |value: Value| {
            let mut resource = bucket();
            set(&mut resource, "mfa_delete", value);
            letter(&truth(&expression, &Surroundings { resource: &resource, workload: &workload, answer: &[], now: now() }))
        };
        let before = seen(denied());
        if before != 'U' {
            for value in [Value::Null, Value::str("Enabled"), Value::str("Disabled")] {
                prop_assert_eq!(seen(value), before, "{}", a);
            }
        }
    }

    #[test]
    fn what_decided_has_the_outcome_of_the_whole(a in condition()) {
        let expression = checked(&a, &BUCKET).expect("an expression");
        let (resource, workload) = (bucket(), workload());
        let surroundings = Surroundings { resource: &resource, workload: &workload, answer: &[], now: now() };
        let found = decisions(&expression, &surroundings);
        prop_assert!(!found.is_empty(), "{}", a);
        for decision in found {
            prop_assert!(a.split_whitespace().collect::<Vec<_>>().join(" ").contains(&decision.text), "{} in {}", decision.text, a);
            prop_assert!(checked(&decision.text, &BUCKET).is_ok(), "{}", decision.text);
        }
    }
}

/// Expressions that the rules we ship have, to be mutilated.
const VALID: &[&str] = &[
    "resource.versioning == \"Enabled\" && resource.replicas.exists(r, r.region == workload.dr_region && r.status == \"Enabled\")",
    "resource.name == \"備え\" || now - resource.created <= duration(\"24h\") ? size(resource.tags) > 0 : !(resource.id in [\"a\", 'b'])",
    "resource.replicas.filter(r, r.all_keys).map(r, r.bucket + \"x\").all(b, b.startsWith(\"備\") || b.contains('\\\\\"'))",
    "resource.tags[\"備え\"] == null && (1 + 2) * 3 >= -4 && 1.5 < 2",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_stops_the_checker(text in any::<String>()) {
        let _ = checked(&text, &BUCKET);
    }

    #[test]
    fn no_text_of_the_right_letters_stops_the_checker(text in "[a-z.()\\[\\]{}\"'\\\\!&|<>=?:+*/% 0-9備\n-]{0,60}") {
        let _ = checked(&text, &BUCKET);
    }

    #[test]
    fn no_mutilated_expression_stops_the_checker(
        which in 0..VALID.len(),
        cuts in proptest::collection::vec((any::<proptest::sample::Index>(), 0..4_usize, "[a-z.()\\[\\]\"'!&|<>=?:+*備え 0-9\n-]{0,3}"), 1..4),
    ) {
        let mut letters: Vec<char> = VALID[which].chars().collect();
        for (place, remove, insert) in cuts {
            let start = place.index(letters.len() + 1);
            let end = (start + remove).min(letters.len());
            letters.splice(start..end, insert.chars());
        }
        let text: String = letters.into_iter().collect();
        match checked(&text, &BUCKET) {
            Ok(expression) => {
                let (resource, workload) = (bucket(), workload());
                let surroundings = Surroundings { resource: &resource, workload: &workload, answer: &[], now: now() };
                let _ = value(&expression, &surroundings);
                let _ = decisions(&expression, &surroundings);
            }
            Err(problems) => {
                for problem in problems {
                    prop_assert!(text.get(problem.span.clone()).is_some(), "{:?} is no part of {}", problem, text);
                }
            }
        }
    }
}
