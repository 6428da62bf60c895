//! AWS Certificate Manager.

use std::sync::Arc;

use aws_sdk_acm::Client;
use aws_sdk_acm::types::{self as sdk, KeyAlgorithm};

use super::convert::{Tags, strings, time, unheld};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_CERTIFICATE, LIST_CERTIFICATES, LIST_TAGS_FOR_CERTIFICATE};
use crate::model::types::acm::CERTIFICATE;
use crate::model::{Resource, Value};

/// The largest page that the operation accepts.
const PAGE: i32 = 1000;

/// Reads the certificates of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&CERTIFICATE, LIST_CERTIFICATES) {
        return Vec::new();
    }
    let client = &task.clients.acm();
    // Without a filter, AWS leaves out all but RSA keys of 1024 and 2048 bits.
    let filter = sdk::Filters::builder().set_key_types(Some(vec![
        KeyAlgorithm::Rsa1024,
        KeyAlgorithm::Rsa2048,
        KeyAlgorithm::Rsa3072,
        KeyAlgorithm::Rsa4096,
        KeyAlgorithm::EcPrime256v1,
        KeyAlgorithm::EcSecp384r1,
        KeyAlgorithm::EcSecp521r1,
    ]));
    let filter = filter.build();
    let listing = pages(
        LIST_CERTIFICATES,
        |token| {
            let request = client.list_certificates().max_items(PAGE).includes(filter.clone()).set_next_token(token);
            task.call(LIST_CERTIFICATES, request.send())
        },
        |page| (page.certificate_summary_list, page.next_token),
    )
    .await;
    let certificates = listing.into_resources(task, &CERTIFICATE, LIST_CERTIFICATES, |summary| {
        let arn = summary.certificate_arn?;
        let id = arn.rsplit_once('/').map_or(&*arn, |(_, id)| id);
        let mut resource = task.resource(&CERTIFICATE, id);
        if let Some(name) = &summary.domain_name {
            resource.name = name.as_str().into();
        }
        let names = names(
            summary.domain_name.as_deref(),
            summary.subject_alternative_name_summaries,
            summary.has_additional_subject_alternative_names == Some(true),
        );
        fill!(resource, CERTIFICATE {
            "domain_name": summary.domain_name,
            "names": names,
            "status": summary.status.as_ref().map(sdk::CertificateStatus::as_str),
            "in_use": summary.in_use.unwrap_or(false),
            "not_after": time(summary.not_after),
        });
        resource.arn = arn.into();
        Some(resource)
    });
    complete(certificates, |certificate| read(task, client, Arc::clone(&certificate.arn))).await
}

/// The names of a certificate. The listing holds no more than a hundred of them.
fn names(domain: Option<&str>, others: Option<Vec<String>>, more: bool) -> Value {
    if more {
        return unheld(LIST_CERTIFICATES, "the certificate has more names than the listing holds");
    }
    let mut names = others.unwrap_or_default();
    if let Some(domain) = domain
        && !names.iter().any(|name| name == domain)
    {
        names.insert(0, domain.to_owned());
    }
    strings(Some(names))
}

async fn read(task: &Task, client: &Client, arn: Arc<str>) -> Fields {
    let (users, tags) = tokio::join!(users(task, client, &arn), tags(task, client, &arn));
    [users, tags].concat()
}

async fn users(task: &Task, client: &Client, arn: &str) -> Fields {
    if !task.wants(&CERTIFICATE, DESCRIBE_CERTIFICATE) {
        return Fields::new();
    }
    let answer = task.call(DESCRIBE_CERTIFICATE, client.describe_certificate().certificate_arn(arn).send()).await;
    fields!(answer, CERTIFICATE, |answer| {
        "in_use_by": strings(answer.certificate.and_then(|certificate| certificate.in_use_by)),
    })
}

async fn tags(task: &Task, client: &Client, arn: &str) -> Fields {
    if !task.wants(&CERTIFICATE, LIST_TAGS_FOR_CERTIFICATE) {
        return Fields::new();
    }
    let request = client.list_tags_for_certificate().certificate_arn(arn).send();
    let answer = task.call(LIST_TAGS_FOR_CERTIFICATE, request).await;
    fields!(answer, CERTIFICATE, |answer| {
        "tags": Tags::new(answer.tags.unwrap_or_default().into_iter().map(|tag| (Some(tag.key), tag.value))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_with_more_names_than_listed_has_no_known_names() {
        let others = || Some(vec!["www.example.com".to_owned()]);
        let both = Value::list(["example.com", "www.example.com"].map(Value::from));
        assert_eq!(names(Some("example.com"), others(), false), both);
        assert!(names(Some("example.com"), others(), true).as_unknown().is_some());
    }
}
