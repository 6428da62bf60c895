//! Resources: everything that is judged.

use std::fmt;
use std::sync::Arc;

use super::schema::ResourceType;
use super::value::{Unknown, UnknownReason, Value};

/// A resource with its identity and its fields.
#[derive(Clone)]
pub struct Resource {
    /// What it is.
    pub ty: &'static ResourceType,
    /// The account it belongs to: twelve digits, or empty for a workload.
    pub account: Arc<str>,
    /// The Region, `global` for what has none, or empty for a workload.
    pub region: Arc<str>,
    /// The identifier that is unique within type, account and Region.
    pub id: Arc<str>,
    /// The ARN, or empty where AWS has none.
    pub arn: Arc<str>,
    /// What people call it: the `Name` tag, else the id.
    pub name: Arc<str>,
    /// The values, in the order of the type's fields.
    pub fields: Box<[Value]>,
}

impl Resource {
    /// A resource whose fields are all unknown because nothing has read them yet.
    pub fn new(ty: &'static ResourceType, account: &str, region: &str, id: &str) -> Self {
        let id: Arc<str> = id.into();
        Self {
            ty,
            account: account.into(),
            region: region.into(),
            name: Arc::clone(&id),
            id,
            arn: "".into(),
            fields: vec![not_collected(); ty.fields.len()].into(),
        }
    }

    /// The value of the field in that place, as given by [`slot!`](crate::slot).
    pub fn get(&self, slot: usize) -> &Value {
        &self.fields[slot]
    }

    /// Fills the field in that place, as given by [`slot!`](crate::slot).
    pub fn set(&mut self, slot: usize, value: impl Into<Value>) {
        self.fields[slot] = value.into();
    }

    /// The value of the field of that name.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.ty.field(name).map(|(slot, _)| &self.fields[slot])
    }

    /// The order of reports: account, Region, type, id.
    pub fn sort_key(&self) -> (&str, &str, &str, &str) {
        (&self.account, &self.region, self.ty.name, &self.id)
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct(self.ty.name);
        debug.field("account", &self.account).field("region", &self.region).field("id", &self.id);
        for (field, value) in self.ty.fields.iter().zip(&self.fields) {
            debug.field(field.name, value);
        }
        debug.finish_non_exhaustive()
    }
}

/// The value of a field that nothing has read. Shared, since there are millions of them.
pub fn not_collected() -> Value {
    static SHARED: std::sync::LazyLock<Arc<Unknown>> =
        std::sync::LazyLock::new(|| Arc::new(Unknown::new(UnknownReason::NotCollected, "")));
    Value::Unknown(Arc::clone(&SHARED))
}
