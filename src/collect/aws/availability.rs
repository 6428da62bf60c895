//! Which services AWS does not offer in which Regions.

/// Services and the Regions without them: "Service endpoints and quotas" of the AWS General Reference, as the AWS SDK for
/// Python 1.43 has it. A Region that is missing here is taken for one that offers the service.
const NOT_OFFERED: &[(&str, &[&str])] = &[
    ("drs", &["ap-east-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1", "mx-central-1"]),
    (
        "memorydb",
        &[
            "af-south-1",
            "ap-east-2",
            "ap-northeast-3",
            "ap-south-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-west-1",
            "eu-central-2",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1",
        ],
    ),
    (
        "ssm-incidents",
        &[
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-northeast-3",
            "ap-south-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-west-1",
            "eu-central-2",
            "eu-south-1",
            "eu-south-2",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1",
        ],
    ),
];

/// Whether a Region may not offer a service. The list grows old, so it does not decide alone: a Region that offers the
/// service by now answers. Without the list, a network that finds no name for the service would pass for a Region
/// without it.
pub fn may_be_missing(service: &str, region: &str) -> bool {
    NOT_OFFERED.iter().any(|(name, regions)| *name == service && regions.contains(&region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::types;

    #[test]
    fn only_what_is_listed_may_be_missing() {
        assert!(may_be_missing("memorydb", "ap-northeast-3"));
        assert!(!may_be_missing("memorydb", "ap-northeast-1"));
        assert!(!may_be_missing("s3", "ap-northeast-3"));
    }

    #[test]
    fn services_have_the_names_of_the_model() {
        for (service, _) in NOT_OFFERED {
            assert!(types::ALL.iter().any(|ty| ty.service == *service), "{service}");
        }
    }
}
