//! Expressions in three-valued logic: true, false or unknown, and never true by accident.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Resource, Seconds, Unknown, UnknownReason, Value};
use crate::rules::expression::{Arithmetic, Comparison, Expression, Kind, Node, Quantifier, Root, TextTest};

/// What an expression sees.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The resource that is judged.
    pub resource: &'a Resource,
    /// The workload that owns it: a record, or unknown when that could not be found out.
    pub workload: &'a Value,
    /// The fields of the answer; null where there is none.
    pub answer: &'a [Value],
    /// When the snapshot was taken.
    pub now: Timestamp,
}

/// The outcome of a condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It depends on something that is not known.
    Unknown(Arc<Unknown>),
}

/// The item of a quantifier, with those around it.
#[derive(Clone, Copy)]
struct Locals<'a> {
    item: &'a Value,
    outer: Option<&'a Locals<'a>>,
}

/// A part of a condition that decided its outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The part's text.
    pub text: String,
    /// The values that it saw, by path.
    pub values: Vec<(String, Value)>,
}

/// Evaluates a condition.
pub fn truth(expression: &Expression, surroundings: &Surroundings<'_>) -> Truth {
    node_truth(&expression.root, surroundings, None)
}

/// Evaluates an expression.
pub fn value(expression: &Expression, surroundings: &Surroundings<'_>) -> Value {
    node_value(&expression.root, surroundings, None).into_owned()
}

/// The smallest parts of a condition that made it come out as it did.
pub fn decisions(expression: &Expression, surroundings: &Surroundings<'_>) -> Vec<Decision> {
    let outcome = truth(expression, surroundings);
    let mut found = Vec::new();
    decide(&expression.root, &outcome, expression, surroundings, &mut found);
    found
}

fn unknown(reason: UnknownReason, detail: &str) -> Arc<Unknown> {
    Arc::new(Unknown::new(reason, detail))
}

fn node_truth(node: &Node, surroundings: &Surroundings<'_>, locals: Option<&Locals<'_>>) -> Truth {
    match &node.kind {
        Kind::Not(a) => match node_truth(a, surroundings, locals) {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            unknown @ Truth::Unknown(_) => unknown,
        },
        // One false decides a conjunction and one true a disjunction, whatever else is unknown (Kleene).
        Kind::And(nodes) => fold(nodes.iter().map(|node| node_truth(node, surroundings, locals)), Truth::False),
        Kind::Or(nodes) => fold(nodes.iter().map(|node| node_truth(node, surroundings, locals)), Truth::True),
        Kind::Compare(operator, a, b) => {
            if let Some((least, unknown)) = open_size(a, surroundings, locals) {
                return compare_open(*operator, least, &node_value(b, surroundings, locals), unknown);
            }
            if let Some((least, unknown)) = open_size(b, surroundings, locals) {
                return compare_open(operator.mirrored(), least, &node_value(a, surroundings, locals), unknown);
            }
            let (a, b) = (node_value(a, surroundings, locals), node_value(b, surroundings, locals));
            compare(*operator, &a, &b)
        }
        Kind::In(a, b) => {
            let (a, b) = (node_value(a, surroundings, locals), node_value(b, surroundings, locals));
            contains(&a, &b)
        }
        Kind::Text(test, a, b) => {
            let (a, b) = (node_value(a, surroundings, locals), node_value(b, surroundings, locals));
            match (&*a, &*b) {
                (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => Truth::Unknown(Arc::clone(unknown)),
                (Value::Str(a), Value::Str(b)) => Truth::from(match test {
                    TextTest::StartsWith => a.starts_with(&**b),
                    TextTest::EndsWith => a.ends_with(&**b),
                    TextTest::Contains => a.contains(&**b),
                }),
                _ => Truth::Unknown(unknown(UnknownReason::Absent, "")),
            }
        }
        Kind::Quantify(quantifier @ (Quantifier::All | Quantifier::Exists), list, body) => {
            let list = node_value(list, surroundings, locals);
            let decisive = if *quantifier == Quantifier::All { Truth::False } else { Truth::True };
            match &*list {
                Value::Unknown(unknown) => Truth::Unknown(Arc::clone(unknown)),
                Value::List(items) => fold(
                    items.iter().map(|item| node_truth(body, surroundings, Some(&Locals { item, outer: locals }))),
                    decisive,
                ),
                _ => Truth::Unknown(unknown(UnknownReason::Absent, "")),
            }
        }
        Kind::If(condition, yes, no) => match node_truth(condition, surroundings, locals) {
            Truth::True => node_truth(yes, surroundings, locals),
            Truth::False => node_truth(no, surroundings, locals),
            unknown @ Truth::Unknown(_) => unknown,
        },
        _ => match &*node_value(node, surroundings, locals) {
            Value::Bool(flag) => Truth::from(*flag),
            Value::Unknown(unknown) => Truth::Unknown(Arc::clone(unknown)),
            _ => Truth::Unknown(unknown(UnknownReason::Absent, "")),
        },
    }
}

/// Combines outcomes: the decisive one wins, else the first unknown, else the opposite.
fn fold(outcomes: impl Iterator<Item = Truth>, decisive: Truth) -> Truth {
    let mut first_unknown = None;
    for outcome in outcomes {
        if outcome == decisive {
            return decisive;
        }
        if matches!(outcome, Truth::Unknown(_)) && first_unknown.is_none() {
            first_unknown = Some(outcome);
        }
    }
    first_unknown.unwrap_or(if decisive == Truth::True { Truth::False } else { Truth::True })
}

impl From<bool> for Truth {
    fn from(flag: bool) -> Self {
        if flag { Truth::True } else { Truth::False }
    }
}

/// Follows a path through records. Null stays null: the field of something absent is absent.
fn follow<'a>(mut value: &'a Value, path: &[usize]) -> &'a Value {
    for slot in path {
        match value {
            Value::Record(fields) => match fields.get(*slot) {
                Some(field) => value = field,
                None => return &Value::Null,
            },
            Value::Unknown(_) => return value,
            _ => return &Value::Null,
        }
    }
    value
}

fn node_value<'a>(
    node: &'a Node,
    surroundings: &'a Surroundings<'_>,
    locals: Option<&'a Locals<'_>>,
) -> Cow<'a, Value> {
    match &node.kind {
        Kind::Constant(value) => Cow::Borrowed(value),
        Kind::Load(root, path) => load(*root, path, surroundings),
        Kind::Local(depth, path) => {
            let mut local = locals;
            for _ in 0..*depth {
                local = local.and_then(|local| local.outer);
            }
            local.map_or(Cow::Owned(Value::Null), |local| Cow::Borrowed(follow(local.item, path)))
        }
        Kind::Not(_)
        | Kind::And(_)
        | Kind::Or(_)
        | Kind::Compare(..)
        | Kind::In(..)
        | Kind::Text(..)
        | Kind::Quantify(Quantifier::All | Quantifier::Exists, ..) => {
            Cow::Owned(match node_truth(node, surroundings, locals) {
                Truth::True => Value::Bool(true),
                Truth::False => Value::Bool(false),
                Truth::Unknown(unknown) => Value::Unknown(unknown),
            })
        }
        Kind::If(condition, yes, no) => match node_truth(condition, surroundings, locals) {
            Truth::True => node_value(yes, surroundings, locals),
            Truth::False => node_value(no, surroundings, locals),
            Truth::Unknown(unknown) => Cow::Owned(Value::Unknown(unknown)),
        },
        Kind::Coalesce(first, second) => match node_value(first, surroundings, locals) {
            value if value.is_null() => node_value(second, surroundings, locals),
            value => value,
        },
        Kind::Arithmetic(operator, a, b) => {
            let (a, b) = (node_value(a, surroundings, locals), node_value(b, surroundings, locals));
            Cow::Owned(arithmetic(*operator, &a, &b))
        }
        Kind::Size(a) => Cow::Owned(match &*node_value(a, surroundings, locals) {
            Value::List(items) => match unknown_item(items) {
                Some(unknown) => Value::Unknown(Arc::clone(unknown)),
                None => count(items.len()),
            },
            Value::Map(entries) => count(entries.len()),
            Value::Str(text) => count(text.chars().count()),
            Value::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
            _ => Value::Unknown(unknown(UnknownReason::Absent, "")),
        }),
        Kind::Entry(map, key) => {
            let (map, key) = (node_value(map, surroundings, locals), node_value(key, surroundings, locals));
            Cow::Owned(match (&*map, &*key) {
                (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => Value::Unknown(Arc::clone(unknown)),
                (Value::Map(entries), Value::Str(key)) => {
                    entries.get(key).map_or(Value::Null, |text| Value::Str(Arc::clone(text)))
                }
                _ => Value::Null,
            })
        }
        Kind::List(nodes) => {
            Cow::Owned(Value::list(nodes.iter().map(|node| node_value(node, surroundings, locals).into_owned())))
        }
        Kind::Quantify(quantifier, list, body) => {
            let list = node_value(list, surroundings, locals);
            let Value::List(items) = &*list else {
                return match &*list {
                    Value::Unknown(unknown) => Cow::Owned(Value::Unknown(Arc::clone(unknown))),
                    _ => Cow::Owned(Value::Unknown(unknown(UnknownReason::Absent, ""))),
                };
            };
            let mut kept = Vec::with_capacity(items.len());
            for item in items.iter() {
                let inner = Locals { item, outer: locals };
                if *quantifier == Quantifier::Map {
                    kept.push(node_value(body, surroundings, Some(&inner)).into_owned());
                    continue;
                }
                match node_truth(body, surroundings, Some(&inner)) {
                    Truth::True => kept.push(item.clone()),
                    Truth::False => {}
                    // Whether the item belongs is not known: the list has at least the others.
                    Truth::Unknown(unknown) => kept.push(Value::Unknown(unknown)),
                }
            }
            Cow::Owned(Value::list(kept))
        }
    }
}

fn count(length: usize) -> Value {
    Value::Int(i64::try_from(length).unwrap_or(i64::MAX))
}

fn load<'a>(root: Root, path: &[usize], surroundings: &'a Surroundings<'_>) -> Cow<'a, Value> {
    let resource = surroundings.resource;
    match root {
        Root::Resource => match path.split_first().and_then(|(slot, rest)| Some((resource.fields.get(*slot)?, rest))) {
            Some((field, rest)) => Cow::Borrowed(follow(field, rest)),
            None => Cow::Owned(Value::Null),
        },
        Root::Workload => Cow::Borrowed(follow(surroundings.workload, path)),
        Root::Answer => match path.first().and_then(|slot| surroundings.answer.get(*slot)) {
            Some(value) => Cow::Borrowed(value),
            None => Cow::Owned(Value::Null),
        },
        Root::Now => Cow::Owned(Value::Timestamp(surroundings.now)),
        Root::Id => Cow::Owned(Value::Str(Arc::clone(&resource.id))),
        Root::Name => Cow::Owned(Value::Str(Arc::clone(&resource.name))),
        Root::Arn => Cow::Owned(Value::Str(Arc::clone(&resource.arn))),
        Root::Account => Cow::Owned(Value::Str(Arc::clone(&resource.account))),
        Root::Region => Cow::Owned(Value::Str(Arc::clone(&resource.region))),
    }
}

/// The first item that is unknown as a whole. It may stand for any number of items, or for one that is there already.
fn unknown_item(items: &[Value]) -> Option<&Arc<Unknown>> {
    items.iter().find_map(|item| match item {
        Value::Unknown(unknown) => Some(unknown),
        _ => None,
    })
}

/// How many items the list of a `size()` has at least, where it may have more.
fn open_size<'a>(
    node: &'a Node,
    surroundings: &'a Surroundings<'_>,
    locals: Option<&'a Locals<'_>>,
) -> Option<(i64, Arc<Unknown>)> {
    let Kind::Size(list) = &node.kind else { return None };
    let list = node_value(list, surroundings, locals);
    let items = list.as_list()?;
    let unknown = Arc::clone(unknown_item(items)?);
    let known = items.iter().filter(|item| !matches!(item, Value::Unknown(_))).count();
    Some((i64::try_from(known).unwrap_or(i64::MAX), unknown))
}

/// Compares a size of which only the least is known: more items can decide what the known ones do not.
fn compare_open(operator: Comparison, least: i64, bound: &Value, unknown: Arc<Unknown>) -> Truth {
    match (operator, bound) {
        (Comparison::GreaterOrEqual, Value::Int(bound)) if least >= *bound => Truth::True,
        (Comparison::Greater | Comparison::NotEqual, Value::Int(bound)) if least > *bound => Truth::True,
        (Comparison::Less, Value::Int(bound)) if least >= *bound => Truth::False,
        (Comparison::LessOrEqual | Comparison::Equal, Value::Int(bound)) if least > *bound => Truth::False,
        _ => Truth::Unknown(unknown),
    }
}

fn compare(operator: Comparison, a: &Value, b: &Value) -> Truth {
    if let (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) = (a, b) {
        return Truth::Unknown(Arc::clone(unknown));
    }
    let order = |accept: fn(Ordering) -> bool| match a.order(b) {
        Some(order) => Truth::from(accept(order)),
        None if a.is_null() || b.is_null() => {
            Truth::Unknown(unknown(UnknownReason::Absent, "a value that is absent has no size"))
        }
        None => Truth::Unknown(unknown(UnknownReason::Mismatch, "")),
    };
    match operator {
        Comparison::Equal => equal(a, b),
        Comparison::NotEqual => match equal(a, b) {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            unknown @ Truth::Unknown(_) => unknown,
        },
        Comparison::Less => order(Ordering::is_lt),
        Comparison::LessOrEqual => order(Ordering::is_le),
        Comparison::Greater => order(Ordering::is_gt),
        Comparison::GreaterOrEqual => order(Ordering::is_ge),
    }
}

/// Equality of values that may hold unknown ones: a known difference decides, else an unknown part leaves it open.
fn equal(a: &Value, b: &Value) -> Truth {
    match (a, b) {
        (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => Truth::Unknown(Arc::clone(unknown)),
        (Value::List(a), Value::List(b)) | (Value::Record(a), Value::Record(b)) => {
            if a.len() != b.len() {
                // An unknown item may stand for any number of items.
                let open = unknown_item(a).or_else(|| unknown_item(b));
                return open.map_or(Truth::False, |unknown| Truth::Unknown(Arc::clone(unknown)));
            }
            fold(a.iter().zip(b.iter()).map(|(a, b)| equal(a, b)), Truth::False)
        }
        _ => match a.order(b) {
            Some(order) => Truth::from(order.is_eq()),
            None => Truth::from(a == b),
        },
    }
}

fn contains(item: &Value, list: &Value) -> Truth {
    match (item, list) {
        (_, Value::Unknown(unknown)) | (Value::Unknown(unknown), _) => Truth::Unknown(Arc::clone(unknown)),
        (_, Value::List(items)) => fold(items.iter().map(|other| equal(item, other)), Truth::True),
        (Value::Str(key), Value::Map(entries)) => Truth::from(entries.contains_key(key)),
        _ => Truth::Unknown(unknown(UnknownReason::Absent, "")),
    }
}

fn arithmetic(operator: Arithmetic, a: &Value, b: &Value) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "counts in rules are far below 2^52")]
    let double = |value: &Value| match value {
        Value::Int(number) => Some(*number as f64),
        Value::Double(number) => Some(*number),
        _ => None,
    };
    let shifted = |time: Timestamp, seconds: i64| {
        time.checked_add(SignedDuration::from_secs(seconds)).map_or_else(
            |_| Value::unknown(Unknown::new(UnknownReason::Mismatch, "the time is out of range")),
            Value::Timestamp,
        )
    };
    match (operator, a, b) {
        (_, Value::Unknown(unknown), _) | (_, _, Value::Unknown(unknown)) => Value::Unknown(Arc::clone(unknown)),
        (Arithmetic::Add, Value::Int(a), Value::Int(b)) => Value::Int(a.saturating_add(*b)),
        (Arithmetic::Subtract, Value::Int(a), Value::Int(b)) => Value::Int(a.saturating_sub(*b)),
        (Arithmetic::Multiply, Value::Int(a), Value::Int(b)) => Value::Int(a.saturating_mul(*b)),
        (Arithmetic::Add, Value::Duration(a), Value::Duration(b)) => Value::Duration(a.plus(*b)),
        (Arithmetic::Subtract, Value::Duration(a), Value::Duration(b)) => {
            Value::Duration(Seconds(a.0.saturating_sub(b.0)))
        }
        (Arithmetic::Multiply, Value::Duration(a), Value::Int(b)) => Value::Duration(Seconds(a.0.saturating_mul(*b))),
        (Arithmetic::Add, Value::Timestamp(a), Value::Duration(b)) => shifted(*a, b.0),
        (Arithmetic::Subtract, Value::Timestamp(a), Value::Duration(b)) => shifted(*a, b.0.saturating_neg()),
        (Arithmetic::Subtract, Value::Timestamp(a), Value::Timestamp(b)) => {
            Value::Duration(Seconds(a.as_second().saturating_sub(b.as_second())))
        }
        (Arithmetic::Add, Value::Str(a), Value::Str(b)) => Value::from(format!("{a}{b}")),
        _ => match (operator, double(a), double(b)) {
            (Arithmetic::Add, Some(a), Some(b)) => Value::Double(a + b),
            (Arithmetic::Subtract, Some(a), Some(b)) => Value::Double(a - b),
            (Arithmetic::Multiply, Some(a), Some(b)) => Value::Double(a * b),
            _ => Value::unknown(Unknown::new(UnknownReason::Absent, "a value that is absent cannot be computed with")),
        },
    }
}

/// Goes down to the parts whose outcome is the outcome of the whole.
fn decide(
    node: &Node,
    outcome: &Truth,
    expression: &Expression,
    surroundings: &Surroundings<'_>,
    found: &mut Vec<Decision>,
) {
    let same = |truth: &Truth| std::mem::discriminant(truth) == std::mem::discriminant(outcome);
    match &node.kind {
        Kind::And(nodes) | Kind::Or(nodes) => {
            for node in nodes {
                let truth = node_truth(node, surroundings, None);
                if same(&truth) {
                    decide(node, &truth, expression, surroundings, found);
                }
            }
        }
        Kind::Not(inner) if matches!(inner.kind, Kind::And(_) | Kind::Or(_) | Kind::Not(_)) => {
            let truth = node_truth(inner, surroundings, None);
            decide(inner, &truth, expression, surroundings, found);
        }
        Kind::If(condition, yes, no) => match node_truth(condition, surroundings, None) {
            Truth::True => decide(yes, outcome, expression, surroundings, found),
            Truth::False => decide(no, outcome, expression, surroundings, found),
            Truth::Unknown(_) => decide(condition, outcome, expression, surroundings, found),
        },
        _ => {
            let mut values: Vec<(String, Value)> = Vec::new();
            node.visit(&mut |part| {
                if let Kind::Load(root, _) = &part.kind
                    && *root != Root::Now
                {
                    let path = expression.text.get(part.span.clone()).unwrap_or_default().to_owned();
                    if !values.iter().any(|(known, _)| *known == path) {
                        values.push((path, node_value(part, surroundings, None).into_owned()));
                    }
                }
            });
            let text = expression
                .text
                .get(node.span.clone())
                .unwrap_or_default()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            found.push(Decision { text, values });
        }
    }
}
