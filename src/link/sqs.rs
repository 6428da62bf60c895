//! Queues: which of them take the dead letters of others.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Derived, Estate, Linker};
use crate::model::schema::ResourceType;
use crate::model::types::sqs::QUEUE;
use crate::model::{Resource, Unknown, Value};
use crate::slot;

pub(super) struct Queues<'a> {
    dead_letter_queues: HashSet<&'a str>,
    /// Why some queue of an account and Region may send its dead letters to any other one there.
    unread: HashMap<(&'a str, &'a str), &'a Arc<Unknown>>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &QUEUE
}

impl Linker for Queues<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        let unread = self.unread.get(&(&*resource.account, &*resource.region));
        let is_target = match (self.dead_letter_queues.contains(&*resource.arn), unread) {
            (true, _) => Value::Bool(true),
            (false, Some(unknown)) => Value::Unknown(Arc::clone(unknown)),
            (false, None) => Value::Bool(false),
        };
        vec![(slot!(QUEUE, "is_dead_letter_queue"), is_target)]
    }
}

impl<'a> Queues<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut dead_letter_queues = HashSet::new();
        let mut unread = HashMap::new();
        for queue in estate.of(&QUEUE) {
            match queue.get(slot!(QUEUE, "dead_letter_target")) {
                Value::Str(target) => {
                    dead_letter_queues.insert(&**target);
                }
                Value::Unknown(unknown) => {
                    unread.entry((&*queue.account, &*queue.region)).or_insert(unknown);
                }
                _ => {}
            }
        }
        for ((ty, account, region), unknown) in &estate.unlisted.0 {
            if *ty == QUEUE.name {
                unread.entry((account, region)).or_insert(unknown);
            }
        }
        Self { dead_letter_queues, unread }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::link::link_resources;
    use crate::model::UnknownReason;

    fn queue(region: &str, id: &str, target: Value) -> Resource {
        let mut queue = Resource::new(&QUEUE, "111111111111", region, id);
        queue.arn = format!("arn:aws:sqs:{region}:111111111111:{id}").into();
        queue.set(slot!(QUEUE, "dead_letter_target"), target);
        queue
    }

    #[test]
    fn a_queue_may_be_a_dead_letter_queue_as_long_as_another_one_nearby_is_unread() {
        let denied = Value::unknown(Unknown::new(UnknownReason::Denied, ""));
        let (tokyo, osaka) = ("ap-northeast-1", "ap-northeast-3");
        let mut queues = [
            queue(tokyo, "orders", Value::from("arn:aws:sqs:ap-northeast-1:111111111111:orders-dlq")),
            queue(tokyo, "orders-dlq", Value::Null),
            queue(tokyo, "other", denied),
            queue(osaka, "orders", Value::Null),
        ];
        link_resources(&mut queues, Timestamp::UNIX_EPOCH);
        let found: Vec<Option<bool>> =
            queues.iter().map(|queue| queue.get(slot!(QUEUE, "is_dead_letter_queue")).as_bool()).collect();
        assert_eq!(found, [None, Some(true), None, Some(false)]);
    }
}
