//! Launch templates: who owns their AMI, and where copies of it are.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Derived, Estate, Linker, Unlisted, open_list, outside};
use crate::model::schema::ResourceType;
use crate::model::types::ec2::{IMAGE, IMAGE_COPY, LAUNCH_TEMPLATE};
use crate::model::{Resource, Unknown, UnknownReason, Value};
use crate::{record, slot};

/// How a launch template names the AMI that a parameter holds, and the parameters that AWS itself publishes.
const BY_PARAMETER: &str = "resolve:ssm:";
const PUBLIC_PARAMETERS: &str = "/aws/service/";

pub(super) struct Images<'a> {
    unlisted: Unlisted<'a>,
    by_id: HashMap<(&'a str, &'a str, &'a str), &'a Resource>,
    by_source: HashMap<&'a str, Vec<&'a Resource>>,
    by_owner_and_name: HashMap<(&'a str, &'a str), Vec<&'a Resource>>,
    /// Accounts whose own AMIs were listed somewhere.
    accounts: std::collections::HashSet<&'a str>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &LAUNCH_TEMPLATE
}

impl Linker for Images<'_> {
    fn derive(&self, template: &Resource) -> Vec<Derived> {
        let (owner, copies) = match template.get(slot!(LAUNCH_TEMPLATE, "latest_image_id")) {
            Value::Str(id) => self.of(template, id),
            Value::Unknown(unknown) => (Value::Unknown(Arc::clone(unknown)), Value::Unknown(Arc::clone(unknown))),
            _ => (Value::Null, Value::list([])),
        };
        vec![(slot!(LAUNCH_TEMPLATE, "image_owner"), owner), (slot!(LAUNCH_TEMPLATE, "image_copies"), copies)]
    }
}

impl<'a> Images<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut by_source: HashMap<&str, Vec<&Resource>> = HashMap::new();
        let mut by_owner_and_name: HashMap<(&str, &str), Vec<&Resource>> = HashMap::new();
        for image in estate.of(&IMAGE) {
            if let Some(source) = image.get(slot!(IMAGE, "source_image_id")).as_str() {
                by_source.entry(source).or_default().push(image);
            }
            if let Some(owner) = owner_id(image) {
                by_owner_and_name.entry((owner, &image.name)).or_default().push(image);
            }
        }
        Self {
            unlisted: estate.unlisted.clone(),
            by_id: estate.of(&IMAGE).iter().map(|it| ((&*it.account, &*it.region, &*it.id), *it)).collect(),
            by_source,
            by_owner_and_name,
            accounts: estate.resources.iter().map(|resource| &*resource.account).collect(),
        }
    }

    /// Who owns an AMI, and its copies.
    fn of(&self, template: &Resource, id: &str) -> (Value, Value) {
        if let Some(parameter) = id.strip_prefix(BY_PARAMETER) {
            if parameter.starts_with(PUBLIC_PARAMETERS) {
                return (Value::str("amazon"), Value::list([]));
            }
            let detail = format!("the AMI is what the parameter {parameter} holds, which is not read");
            let unknown = Value::unknown(Unknown::new(UnknownReason::Unsupported, detail));
            return (unknown.clone(), unknown);
        }
        let Some(image) = self.by_id.get(&(&*template.account, &*template.region, id)) else {
            let unread = self.unlisted.value_near(&IMAGE, template);
            return (unread.clone().unwrap_or(Value::Null), unread.unwrap_or_else(|| Value::list([])));
        };
        let owner = match (image.get(slot!(IMAGE, "owner_alias")), image.get(slot!(IMAGE, "public"))) {
            (alias @ (Value::Str(_) | Value::Unknown(_)), _) => alias.clone(),
            (_, Value::Bool(true)) => Value::str("public"),
            _ => image.get(slot!(IMAGE, "owner_id")).clone(),
        };
        (owner, self.copies(image))
    }

    fn copies(&self, image: &Resource) -> Value {
        let by_source = self.by_source.get(&*image.id).into_iter().flatten();
        let owner = owner_id(image);
        let by_name = owner.and_then(|owner| self.by_owner_and_name.get(&(owner, &image.name))).into_iter().flatten();
        let mut found: Vec<&&Resource> = by_source.chain(by_name).filter(|copy| copy.region != image.region).collect();
        found.sort_by_key(|copy| (&copy.region, &copy.id));
        found.dedup_by_key(|copy| (&copy.region, &copy.id));
        let copies = found.into_iter().map(|copy| {
            record!(IMAGE_COPY {
                "region": Value::Str(Arc::clone(&copy.region)),
                "image_id": Value::Str(Arc::clone(&copy.id)),
                "state": copy.get(slot!(IMAGE, "state")).clone(),
            })
        });
        open_list(copies.collect(), self.unread(image, owner).as_ref())
    }

    /// Why there may be more copies: the owner's AMIs of some Region could not be listed, or the owner is not scanned.
    fn unread(&self, image: &Resource, owner: Option<&str>) -> Option<Arc<Unknown>> {
        let owner = owner.unwrap_or(&image.account);
        if !self.accounts.contains(owner) {
            return outside(format!("the account {owner}, which owns {}", image.id)).as_unknown().cloned();
        }
        let unlisted = self.unlisted.0.iter().find(|((ty, account, _), _)| *ty == IMAGE.name && *account == owner);
        unlisted.map(|(_, unknown)| Arc::clone(unknown))
    }
}

fn owner_id(image: &Resource) -> Option<&str> {
    image.get(slot!(IMAGE, "owner_id")).as_str()
}
