//! Expressions: lowered, then evaluated where everything is unknown and where everything is null.

#![no_main]

use std::collections::BTreeMap;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use sonae::judge::evaluate::{Surroundings, decisions, truth, value};
use sonae::model::types::s3::BUCKET;
use sonae::model::{Resource, Value};
use sonae::rules::expression::{Scope, Ty, lower};

fuzz_target!(|text: &str| {
    let answer = [("last_test".to_owned(), Ty::Timestamp), ("scope".to_owned(), Ty::List(Some(Box::new(Ty::Str(None)))))];
    match lower(text, &Scope { resource: &BUCKET, params: &BTreeMap::new(), answer: &answer }) {
        Err(problems) => assert!(problems.iter().all(|problem| problem.span.end <= text.len()), "{problems:?}"),
        Ok(expression) => {
            let unknown = Resource::new(&BUCKET, "111111111111", "ap-northeast-1", "assets");
            let mut null = unknown.clone();
            null.fields.fill(Value::Null);
            let mut empty = unknown.clone();
            empty.fields.fill(Value::list([]));
            for resource in [unknown, null, empty] {
                let surroundings = Surroundings {
                    resource: &resource,
                    workload: &Value::Null,
                    answer: &[Value::Null, Value::list([Value::str("az")])],
                    now: Timestamp::constant(1_768_435_200, 0),
                };
                truth(&expression, &surroundings);
                value(&expression, &surroundings);
                decisions(&expression, &surroundings);
            }
        }
    }
});
