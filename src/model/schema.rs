//! What a resource type is made of: fields with their type, their documentation and the operation that fills them.
//!
//! One place decides three things: the fields that rules may name, the calls to make for them and what "could not be
//! read" means. The tables themselves are in [`super::types`].

use super::operation::Operation;

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Double,
    /// Free text: names, identifiers, ARNs.
    Str,
    /// One of the states that AWS documents. Others may arrive, but a rule cannot compare with a word that is not listed.
    Enum(&'static [&'static str]),
    /// A point in time.
    Timestamp,
    /// A length of time.
    Duration,
    /// Names and texts, such as tags.
    Map,
    /// Several values of one type.
    List(&'static Type),
    /// Named fields.
    Record(&'static RecordType),
}

/// A group of named fields inside a resource.
#[derive(Debug)]
pub struct RecordType {
    /// Its name in error messages and documentation.
    pub name: &'static str,
    /// Its fields, in the order in which values hold them.
    pub fields: &'static [Field],
}

impl PartialEq for RecordType {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl RecordType {
    /// The place of a field; a name that is not there stops the build when asked in a `const`.
    pub const fn slot(&self, name: &str) -> usize {
        slot_of(self.fields, name)
    }
}

/// A named field.
#[derive(Debug, PartialEq)]
pub struct Field {
    /// The name that rules use, in `snake_case` of AWS's own name.
    pub name: &'static str,
    /// What it holds.
    pub ty: Type,
    /// Where its value comes from.
    pub source: Source,
    /// One line of documentation: what it is, its unit, what null means.
    pub doc: &'static str,
}

/// Where a field's value comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source {
    /// The answer of an AWS operation.
    Api(Operation),
    /// Computed by the link stage from other fields, each written as `AWS::S3::Bucket.tags`.
    Derived(&'static [&'static str]),
    /// The manifest or the answers file.
    Declared,
    /// Part of a record, read together with it.
    Part,
}

/// A type of resource.
#[derive(Debug)]
pub struct ResourceType {
    /// The CloudFormation type name, or `Sonae::...` for what CloudFormation does not have.
    pub name: &'static str,
    /// What people call it, in Japanese and English.
    pub title: (&'static str, &'static str),
    /// The service that answers for it; one partition of a snapshot holds all types of a service.
    pub service: &'static str,
    /// The operation that lists the resources of this type; none for what the manifest declares.
    pub listed_by: Option<Operation>,
    /// The type whose resources must be listed first, since AWS lists this one for each of them.
    pub listed_within: Option<&'static str>,
    /// Whether it holds data that a disaster can destroy.
    pub stateful: bool,
    /// Its fields, in the order in which resources hold them.
    pub fields: &'static [Field],
}

impl PartialEq for ResourceType {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for ResourceType {}

impl ResourceType {
    /// The place of a field; a name that is not there stops the build when asked in a `const`.
    pub const fn slot(&self, name: &str) -> usize {
        slot_of(self.fields, name)
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<(usize, &'static Field)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name == name)
    }
}

const fn slot_of(fields: &[Field], name: &str) -> usize {
    let mut slot = 0;
    while slot < fields.len() {
        if same(fields[slot].name, name) {
            return slot;
        }
        slot += 1;
    }
    #[expect(clippy::panic, reason = "it stops the build: slots are looked up in constants")]
    {
        panic!("the type has no field of that name")
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// The place of a field, checked while compiling: `slot!(types::s3::BUCKET, "versioning")`.
#[macro_export]
macro_rules! slot {
    ($ty:path, $name:literal) => {
        const { $ty.slot($name) }
    };
}

/// A record value with every field named, checked while compiling. Fields left out are null.
///
/// ```ignore
/// record!(REPLICATION_RULE { "status": rule.status, "destination_bucket": bucket })
/// ```
#[macro_export]
macro_rules! record {
    ($ty:path { $($name:literal : $value:expr),* $(,)? }) => {{
        #[allow(unused_mut, reason = "a record may be given no field at all")]
        let mut fields = vec![$crate::model::Value::Null; $ty.fields.len()];
        $( fields[const { $ty.slot($name) }] = $crate::model::Value::from($value); )*
        $crate::model::Value::Record(fields.into())
    }};
}
