//! Auto Scaling: the room that a group has in its subnets, and whether what it launches with is there.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::subnets::Subnets;
use super::{Derived, Estate, Linker, Unlisted, outside, part};
use crate::model::schema::ResourceType;
use crate::model::types::autoscaling::{
    AUTO_SCALING_GROUP, DEPENDENCY, GROUP_INSTANCE, LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE_SPECIFICATION, ZONE_LOSS,
};
use crate::model::types::ec2::{IMAGE, LAUNCH_TEMPLATE, SUBNET};
use crate::model::types::{elb, elbv2};
use crate::model::{Resource, Value};
use crate::{record, slot};

/// An account, a Region and an id, name or ARN in them.
type Place<'a> = (&'a str, &'a str, &'a str);

pub(super) struct Groups<'a> {
    subnets: Subnets<'a>,
    templates: HashMap<Place<'a>, &'a Resource>,
    configurations: HashMap<Place<'a>, &'a Resource>,
    images: HashMap<Place<'a>, &'a Resource>,
    target_group_arns: HashSet<&'a str>,
    load_balancers: HashSet<Place<'a>>,
    unlisted: Unlisted<'a>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &AUTO_SCALING_GROUP
}

impl Linker for Groups<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        let (free, losses) = self.room(resource);
        vec![
            (slot!(AUTO_SCALING_GROUP, "free_addresses"), free),
            (slot!(AUTO_SCALING_GROUP, "zone_losses"), losses),
            (slot!(AUTO_SCALING_GROUP, "dependencies"), self.dependencies(resource)),
        ]
    }
}

fn place<'a>(resource: &'a Resource, id: &'a str) -> Place<'a> {
    (&resource.account, &resource.region, id)
}

impl<'a> Groups<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let by_id = |ty| -> HashMap<Place<'a>, &'a Resource> {
            estate.of(ty).iter().map(|resource| (place(resource, &resource.id), *resource)).collect()
        };
        let mut templates = by_id(&LAUNCH_TEMPLATE);
        // A group may give the name of its template instead of the id.
        templates
            .extend(estate.of(&LAUNCH_TEMPLATE).iter().map(|template| (place(template, &template.name), *template)));
        Self {
            subnets: Subnets::new(estate),
            templates,
            configurations: by_id(&LAUNCH_CONFIGURATION),
            images: by_id(&IMAGE),
            target_group_arns: estate.of(&elbv2::TARGET_GROUP).iter().map(|group| &*group.arn).collect(),
            load_balancers: by_id(&elb::LOAD_BALANCER).into_keys().collect(),
            unlisted: estate.unlisted.clone(),
        }
    }

    /// The free addresses of the group's subnets, and what is left when one of their zones is lost.
    fn room(&self, group: &Resource) -> (Value, Value) {
        let subnets = match group.get(slot!(AUTO_SCALING_GROUP, "subnets")) {
            Value::List(subnets) if subnets.is_empty() => {
                let unknown = outside("the subnets of the default VPC that the group uses".to_owned());
                return (unknown.clone(), unknown);
            }
            Value::List(subnets) => subnets,
            other => return (other.clone(), other.clone()),
        };
        let mut free: BTreeMap<&str, i64> = BTreeMap::new();
        for id in subnets.iter().filter_map(Value::as_str) {
            let subnet = match self.subnets.near(group, id) {
                Ok(subnet) => subnet,
                Err(unknown) => return (unknown.clone(), unknown),
            };
            let addresses = subnet.get(slot!(SUBNET, "available_ip_address_count"));
            let zone = subnet.get(slot!(SUBNET, "availability_zone"));
            match (zone.as_str(), addresses.as_int()) {
                (Some(zone), Some(addresses)) => *free.entry(zone).or_default() += addresses,
                _ => {
                    let unknown = [zone, addresses].into_iter().find(|value| value.as_unknown().is_some()).cloned();
                    let unknown = unknown.unwrap_or_else(|| outside(format!("the free addresses of {id}")));
                    return (unknown.clone(), unknown);
                }
            }
        }
        let total: i64 = free.values().sum();
        if free.len() < 2 {
            return (Value::Int(total), Value::list([]));
        }
        let instances = match group.get(slot!(AUTO_SCALING_GROUP, "instances")) {
            Value::List(instances) => instances,
            other => return (Value::Int(total), other.clone()),
        };
        let losses = free.iter().map(|(lost, addresses)| {
            let zone = |instance: &Value| part(instance, slot!(GROUP_INSTANCE, "availability_zone")).clone();
            let left = instances.iter().filter(|instance| zone(instance).as_str() != Some(lost)).count();
            record!(ZONE_LOSS {
                "availability_zone": *lost,
                "instances_left": i64::try_from(left).unwrap_or(i64::MAX),
                "free_addresses_left": total - addresses,
            })
        });
        (Value::Int(total), Value::list(losses))
    }

    fn dependencies(&self, group: &Resource) -> Value {
        let mut found = Vec::new();
        match group.get(slot!(AUTO_SCALING_GROUP, "launch_templates")) {
            Value::List(templates) => {
                for template in templates.iter() {
                    self.template(group, template, &mut found);
                }
            }
            other => return other.clone(),
        }
        match group.get(slot!(AUTO_SCALING_GROUP, "launch_configuration")) {
            Value::Str(name) => self.configuration(group, name, &mut found),
            Value::Null => {}
            other => return other.clone(),
        }
        for arn in strings(group.get(slot!(AUTO_SCALING_GROUP, "target_group_arns"))) {
            let usable = self.exists(self.target_group_arns.contains(arn), &elbv2::TARGET_GROUP, group);
            found.push(dependency("target_group", arn, usable));
        }
        for name in strings(group.get(slot!(AUTO_SCALING_GROUP, "load_balancer_names"))) {
            let usable = self.exists(self.load_balancers.contains(&place(group, name)), &elb::LOAD_BALANCER, group);
            found.push(dependency("load_balancer", name, usable));
        }
        Value::list(found)
    }

    /// Whether something is there: what is not found is gone only where all of its kind were listed.
    fn exists(&self, found: bool, ty: &ResourceType, near: &Resource) -> Value {
        if found { Value::Bool(true) } else { self.unlisted.value_near(ty, near).unwrap_or(Value::Bool(false)) }
    }

    fn template(&self, group: &Resource, specification: &Value, found: &mut Vec<Value>) {
        let text = |slot| part(specification, slot).as_str();
        let id = text(slot!(LAUNCH_TEMPLATE_SPECIFICATION, "id"));
        let name = id.or_else(|| text(slot!(LAUNCH_TEMPLATE_SPECIFICATION, "name"))).unwrap_or_default();
        let template = self.templates.get(&place(group, name)).copied();
        found.push(dependency("launch_template", name, self.exists(template.is_some(), &LAUNCH_TEMPLATE, group)));
        if let Some(image) = text(slot!(LAUNCH_TEMPLATE_SPECIFICATION, "image_id")) {
            // Nobody asked for the images of overrides that others own.
            found.push(dependency("image", image, self.image(group, image, false)));
            return;
        }
        let Some(template) = template else { return };
        let version = text(slot!(LAUNCH_TEMPLATE_SPECIFICATION, "version")).unwrap_or("$Default");
        let is = |slot| template.get(slot).as_int().is_some_and(|number| version == number.to_string());
        let image = if version == "$Latest" || is(slot!(LAUNCH_TEMPLATE, "latest_version")) {
            template.get(slot!(LAUNCH_TEMPLATE, "latest_image_id")).clone()
        } else if version == "$Default" || is(slot!(LAUNCH_TEMPLATE, "default_version")) {
            template.get(slot!(LAUNCH_TEMPLATE, "default_image_id")).clone()
        } else {
            outside(format!("version {version} of the launch template, which is neither the latest nor the default"))
        };
        match image {
            Value::Str(image) => found.push(dependency("image", &image, self.image(group, &image, true))),
            Value::Null => {
                let unknown = outside(format!("the AMI, which {name} does not name"));
                found.push(dependency("image", name, unknown));
            }
            unknown => found.push(dependency("image", name, unknown)),
        }
    }

    fn configuration(&self, group: &Resource, name: &Arc<str>, found: &mut Vec<Value>) {
        let configuration = self.configurations.get(&place(group, name)).copied();
        let usable = self.exists(configuration.is_some(), &LAUNCH_CONFIGURATION, group);
        found.push(dependency("launch_configuration", name, usable));
        if let Some(image) = configuration.map(|it| it.get(slot!(LAUNCH_CONFIGURATION, "image_id"))) {
            found.push(match image.as_str() {
                Some(image) => dependency("image", image, self.image(group, image, false)),
                None => dependency("image", name, image.clone()),
            });
        }
    }

    /// Whether instances can be launched from an image. Those of others are read only where launch templates name them
    /// (`asked`); about the rest nothing follows from their absence.
    fn image(&self, group: &Resource, id: &str, asked: bool) -> Value {
        if let Some(image) = self.images.get(&place(group, id)) {
            return match image.get(slot!(IMAGE, "state")) {
                Value::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
                state => Value::Bool(state.as_str() == Some("available")),
            };
        }
        match self.unlisted.value_near(&IMAGE, group) {
            Some(unknown) => unknown,
            None if !id.starts_with("ami-") => outside(format!("the AMI that {id} leads to")),
            None if asked => Value::Bool(false),
            None => outside(format!("{id}, which another account owns or which is gone")),
        }
    }
}

fn dependency(kind: &str, id: &str, usable: Value) -> Value {
    record!(DEPENDENCY { "kind": kind, "id": id, "usable": usable })
}

fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_list().unwrap_or_default().iter().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn resource(ty: &'static ResourceType, id: &str) -> Resource {
        Resource::new(ty, "111111111111", "ap-northeast-1", id)
    }

    fn estate() -> Vec<Resource> {
        let mut template = resource(&LAUNCH_TEMPLATE, "lt-1");
        template.name = "web".into();
        template.set(slot!(LAUNCH_TEMPLATE, "default_version"), 1);
        template.set(slot!(LAUNCH_TEMPLATE, "latest_version"), 7);
        template.set(slot!(LAUNCH_TEMPLATE, "default_image_id"), "ami-gone");
        template.set(slot!(LAUNCH_TEMPLATE, "latest_image_id"), "ami-1");
        let mut image = resource(&IMAGE, "ami-1");
        image.set(slot!(IMAGE, "state"), "available");
        let mut disabled = resource(&IMAGE, "ami-disabled");
        disabled.set(slot!(IMAGE, "state"), "disabled");
        vec![template, image, disabled]
    }

    fn image_of(estate: &[Resource], version: Option<&str>, image: Option<&str>) -> Value {
        let mut group = resource(&AUTO_SCALING_GROUP, "g");
        let specification = record!(LAUNCH_TEMPLATE_SPECIFICATION { "id": Value::Null, "name": "web", "version": version, "image_id": image });
        group.set(slot!(AUTO_SCALING_GROUP, "launch_templates"), Value::list([specification]));
        group.set(slot!(AUTO_SCALING_GROUP, "launch_configuration"), Value::Null);
        let groups = Groups::new(&Estate::new(estate, Timestamp::UNIX_EPOCH));
        let found = groups.dependencies(&group);
        let image = found.as_list().unwrap().last().unwrap().clone();
        part(&image, slot!(DEPENDENCY, "usable")).clone()
    }

    #[test]
    fn the_image_is_that_of_the_version_that_the_group_launches() {
        let estate = estate();
        for (version, usable) in [
            (Some("$Latest"), Value::Bool(true)),
            (Some("7"), Value::Bool(true)),
            (Some("$Default"), Value::Bool(false)),
            (Some("1"), Value::Bool(false)),
            (None, Value::Bool(false)),
        ] {
            assert_eq!(image_of(&estate, version, None), usable, "{version:?}");
        }
        assert!(image_of(&estate, Some("3"), None).as_unknown().is_some(), "a version that nobody read");
    }

    #[test]
    fn an_image_of_somebody_else_is_not_known_to_be_gone() {
        let estate = estate();
        assert_eq!(image_of(&estate, None, Some("ami-disabled")), Value::Bool(false));
        assert!(image_of(&estate, None, Some("ami-others")).as_unknown().is_some());
        let none_listed = [resource(&LAUNCH_TEMPLATE, "*"), resource(&IMAGE, "*")];
        assert!(image_of(&none_listed, None, None).as_unknown().is_some());
    }
}
