//! What names mean in an expression, and the types of what they name.

use std::collections::BTreeMap;
use std::fmt;

use super::{Kind, Node, Root};
use crate::model::schema::{Field, RecordType, ResourceType, Type};
use crate::model::types::workload::{OBJECTIVES, WORKLOAD_RECORD};

/// The type of an expression. Every value may also be null or unknown.
#[derive(Debug, Clone, PartialEq)]
pub enum Ty {
    /// Only null.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Double,
    /// A text, with the words that it may be where AWS documents them.
    Str(Option<&'static [&'static str]>),
    /// A point in time.
    Timestamp,
    /// A length of time.
    Duration,
    /// Texts by name.
    Map,
    /// A list; none for the empty list, whose items can be anything.
    List(Option<Box<Ty>>),
    /// Named fields.
    Record(&'static RecordType),
    /// The resource itself.
    Resource(&'static ResourceType),
    /// The parameters or the answer: named values that the rule declares.
    Declared(&'static str),
}

impl Ty {
    /// The type of a field.
    pub fn of(ty: Type) -> Self {
        match ty {
            Type::Bool => Ty::Bool,
            Type::Int => Ty::Int,
            Type::Double => Ty::Double,
            Type::Str => Ty::Str(None),
            Type::Enum(words) => Ty::Str(Some(words)),
            Type::Timestamp => Ty::Timestamp,
            Type::Duration => Ty::Duration,
            Type::Map => Ty::Map,
            Type::List(item) => Ty::List(Some(Box::new(Ty::of(*item)))),
            Type::Record(record) => Ty::Record(record),
        }
    }

    /// Whether values of the two types can be equal.
    pub fn comparable(&self, other: &Ty) -> bool {
        match (self, other) {
            (Ty::Null, _) | (_, Ty::Null) => true,
            (Ty::Str(_), Ty::Str(_)) | (Ty::Int | Ty::Double, Ty::Int | Ty::Double) => true,
            (Ty::List(a), Ty::List(b)) => match (a, b) {
                (Some(a), Some(b)) => a.comparable(b),
                _ => true,
            },
            _ => self == other,
        }
    }

    /// The name with its article, for sentences.
    pub fn with_article(&self) -> String {
        let name = self.to_string();
        match name.chars().next().map(|first| first.to_ascii_lowercase()) {
            _ if *self == Ty::Null => name,
            Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {name}"),
            _ => format!("a {name}"),
        }
    }

    /// Whether values of the type have an order.
    pub fn ordered(&self) -> bool {
        matches!(self, Ty::Int | Ty::Double | Ty::Timestamp | Ty::Duration | Ty::Str(_))
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Null => formatter.write_str("null"),
            Ty::Bool => formatter.write_str("bool"),
            Ty::Int => formatter.write_str("int"),
            Ty::Double => formatter.write_str("double"),
            Ty::Str(_) => formatter.write_str("string"),
            Ty::Timestamp => formatter.write_str("timestamp"),
            Ty::Duration => formatter.write_str("duration"),
            Ty::Map => formatter.write_str("map"),
            Ty::List(None) => formatter.write_str("list"),
            Ty::List(Some(item)) => write!(formatter, "list of {item}"),
            Ty::Record(record) => formatter.write_str(record.name),
            Ty::Resource(resource) => formatter.write_str(resource.name),
            Ty::Declared(name) => formatter.write_str(name),
        }
    }
}

/// The names that an expression may use.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// The type that `resource` has.
    pub resource: &'static ResourceType,
    /// The parameters of the rule: what stands in for `params.name`, and its type.
    pub params: &'a BTreeMap<String, (Node, Ty)>,
    /// The fields of the answer, in order. Empty when the rule asks nothing.
    pub answer: &'a [(String, Ty)],
}

/// The names that stand at the beginning of a path.
pub const ROOTS: [&str; 6] = ["resource", "workload", "objectives", "params", "answer", "now"];

/// What of the resource is no field of its type.
pub const COMMON: [(&str, Root); 5] =
    [("id", Root::Id), ("name", Root::Name), ("arn", Root::Arn), ("account", Root::Account), ("region", Root::Region)];

/// What a name at the beginning of a path means.
pub(super) fn root(name: &str, scope: &Scope<'_>) -> Option<(Kind, Ty)> {
    let load = |root, path: &[usize]| Kind::Load(root, path.into());
    Some(match name {
        "resource" => (load(Root::Resource, &[]), Ty::Resource(scope.resource)),
        "workload" => (load(Root::Workload, &[]), Ty::Record(&WORKLOAD_RECORD)),
        "objectives" => {
            (load(Root::Workload, &[const { WORKLOAD_RECORD.slot("objectives") }]), Ty::Record(&OBJECTIVES))
        }
        "params" => (load(Root::Now, &[]), Ty::Declared("params")),
        "answer" => (load(Root::Answer, &[]), Ty::Declared("answer")),
        "now" => (load(Root::Now, &[]), Ty::Timestamp),
        _ => return None,
    })
}

/// The place and type of a field.
pub(super) fn member(fields: &'static [Field], name: &str) -> Option<(usize, Ty)> {
    fields.iter().position(|field| field.name == name).map(|slot| (slot, Ty::of(fields[slot].ty)))
}
