//! Rule expressions: CEL as people write it, checked against the model, lowered to a tree over slots.
//!
//! The `cel` crate parses; nothing of it leaves [`lower`]. Evaluation in three-valued logic is
//! [`judge::evaluate`](crate::judge::evaluate)'s.

mod lower;
mod scope;

pub use lower::lower;
pub use scope::{Scope, Ty};

use std::ops::Range;
use std::sync::Arc;

use crate::model::Value;
use crate::model::schema::Type;
use crate::model::types::workload::WORKLOAD_RECORD;

/// A checked expression.
#[derive(Debug, Clone)]
pub struct Expression {
    /// The text as the rule has it.
    pub text: Arc<str>,
    /// What it yields.
    pub ty: Ty,
    /// The tree.
    pub root: Node,
}

/// A part of an expression, with the bytes of the text that it came from.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it does.
    pub kind: Kind,
    /// Where it stands in the text.
    pub span: Range<usize>,
}

/// What a node does.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A value written in the expression.
    Constant(Value),
    /// A value of the surroundings.
    Load(Root, Box<[usize]>),
    /// A value of a surrounding quantifier, counted from the innermost.
    Local(usize, Box<[usize]>),
    /// `!a`
    Not(Box<Node>),
    /// `a && b && ...`
    And(Vec<Node>),
    /// `a || b || ...`
    Or(Vec<Node>),
    /// `a == b` and the like.
    Compare(Comparison, Box<Node>, Box<Node>),
    /// `a in b`
    In(Box<Node>, Box<Node>),
    /// `a + b` and the like.
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    /// `a ? b : c`
    If(Box<Node>, Box<Node>, Box<Node>),
    /// `size(a)`
    Size(Box<Node>),
    /// `a.startsWith(b)` and the like.
    Text(TextTest, Box<Node>, Box<Node>),
    /// `a.exists(x, b)` and the like: the body sees the item as local 0.
    Quantify(Quantifier, Box<Node>, Box<Node>),
    /// `a["key"]`
    Entry(Box<Node>, Box<Node>),
    /// `[a, b]`
    List(Vec<Node>),
    /// The first, unless it is null, else the second. Not written in CEL: parameters derive from objectives this way.
    Coalesce(Box<Node>, Box<Node>),
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root {
    /// `resource`: the fields of the resource.
    Resource,
    /// `resource.id`
    Id,
    /// `resource.name`
    Name,
    /// `resource.arn`
    Arn,
    /// `resource.account`
    Account,
    /// `resource.region`
    Region,
    /// `workload`: the workload that owns the resource.
    Workload,
    /// `answer`: the fields of the answer to a question.
    Answer,
    /// `now`: when the snapshot was taken.
    Now,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The comparison that says the same with its sides exchanged.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Comparison::Equal => Comparison::Equal,
            Comparison::NotEqual => Comparison::NotEqual,
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        }
    }
}

/// How two values are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
}

/// What is asked of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

/// What is asked of the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// Whether all satisfy the body.
    All,
    /// Whether any satisfies the body.
    Exists,
    /// Those that satisfy the body.
    Filter,
    /// What the body makes of each.
    Map,
}

impl Expression {
    /// Calls back for every field of the resource that the expression may read, by its place.
    pub fn resource_slots(&self, mut found: impl FnMut(usize)) {
        self.root.visit(&mut |node| {
            if let Kind::Load(Root::Resource, path) = &node.kind
                && let Some(slot) = path.first()
            {
                found(*slot);
            }
        });
    }

    /// Calls back for every value of the workload that the expression may read, by its path, such as `objectives.rpo.data`.
    pub fn workload_paths(&self, mut found: impl FnMut(String)) {
        self.root.visit(&mut |node| {
            if let Kind::Load(Root::Workload, path) = &node.kind {
                let mut fields = WORKLOAD_RECORD.fields;
                let mut names = Vec::with_capacity(path.len());
                for slot in path {
                    let Some(field) = fields.get(*slot) else { break };
                    names.push(field.name);
                    fields = match field.ty {
                        Type::Record(record) => record.fields,
                        _ => &[],
                    };
                }
                found(names.join("."));
            }
        });
    }
}

impl Node {
    /// Calls back for the node and all below it.
    pub fn visit<'a>(&'a self, found: &mut impl FnMut(&'a Node)) {
        found(self);
        match &self.kind {
            Kind::Constant(_) | Kind::Load(..) | Kind::Local(..) => {}
            Kind::Not(a) | Kind::Size(a) => a.visit(found),
            Kind::And(nodes) | Kind::Or(nodes) | Kind::List(nodes) => nodes.iter().for_each(|node| node.visit(found)),
            Kind::Compare(_, a, b)
            | Kind::In(a, b)
            | Kind::Arithmetic(_, a, b)
            | Kind::Text(_, a, b)
            | Kind::Quantify(_, a, b)
            | Kind::Entry(a, b)
            | Kind::Coalesce(a, b) => {
                a.visit(found);
                b.visit(found);
            }
            Kind::If(a, b, c) => {
                a.visit(found);
                b.visit(found);
                c.visit(found);
            }
        }
    }
}

/// A problem in an expression, at bytes of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionProblem {
    /// Where.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// The cure.
    pub help: Option<String>,
}
