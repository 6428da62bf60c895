//! CloudFormation templates: what ties their resources to one place.

use serde_json::Value as Json;

/// What a template names literally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A Region such as `ap-northeast-1`, also inside an ARN or a name.
    Region,
    /// An Availability Zone such as `ap-northeast-1a`, or its id such as `apne1-az4`.
    Zone,
    /// An AMI.
    Image,
}

impl Kind {
    /// The word of the model.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Region => "region",
            Kind::Zone => "zone",
            Kind::Image => "image",
        }
    }
}

/// A place that a template names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where: `Resources.Web.Properties.ImageId`.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// The Region, zone or AMI.
    pub value: String,
}

/// A template that is neither JSON nor YAML.
#[derive(Debug, thiserror::Error)]
#[error("the template is neither JSON nor YAML")]
pub struct NotATemplate;

/// What the resources of a template name literally. Mappings and defaults of parameters may: they are the way to say
/// what differs between Regions.
///
/// # Errors
/// It is neither JSON nor YAML.
pub fn hard_coded(template: &str) -> Result<Vec<Found>, NotATemplate> {
    let parsed: Json = if template.trim_start().starts_with('{') {
        serde_json::from_str(template).map_err(|_| NotATemplate)?
    } else {
        serde_saphyr::from_str(template).map_err(|_| NotATemplate)?
    };
    let mut found = Vec::new();
    if let Some(resources) = parsed.get("Resources") {
        walk(resources, "Resources", &mut found);
    }
    Ok(found)
}

fn walk(value: &Json, path: &str, found: &mut Vec<Found>) {
    match value {
        Json::Object(entries) => {
            for (key, value) in entries {
                // Text for people, and names of other resources.
                if !["Metadata", "Description", "DependsOn", "Fn::FindInMap"].contains(&key.as_str()) {
                    walk(value, &format!("{path}.{key}"), found);
                }
            }
        }
        Json::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                walk(value, &format!("{path}[{place}]"), found);
            }
        }
        Json::String(text) => {
            for word in text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-')) {
                if let Some((kind, value)) = place(word) {
                    found.push(Found { path: path.to_owned(), kind, value: value.to_owned() });
                }
            }
        }
        _ => {}
    }
}

/// The place that a word names.
fn place(word: &str) -> Option<(Kind, &str)> {
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if let Some(rest) = word.strip_prefix("ami-") {
        return ([8, 17].contains(&rest.len()) && hex(rest)).then_some((Kind::Image, word));
    }
    if let Some((region, zone)) = word.split_once("-az") {
        let known = region.len() >= 4 && region.ends_with(|last: char| last.is_ascii_digit());
        return (known && !zone.is_empty() && zone.bytes().all(|byte| byte.is_ascii_digit()))
            .then_some((Kind::Zone, word));
    }
    // Regions may be within a name: `logs-ap-northeast-1-111111111111`.
    let parts: Vec<&str> = word.split('-').collect();
    let mut start = 0;
    for (index, window) in parts.windows(2).enumerate() {
        let begins = AREAS.contains(&window[0]);
        let direction_at = if begins && ["gov", "iso", "isob"].contains(&window[1]) { index + 2 } else { index + 1 };
        let direction = parts.get(direction_at).is_some_and(|part| DIRECTIONS.contains(part));
        if begins
            && direction
            && let Some(number) = parts.get(direction_at + 1)
        {
            let end = start + parts[index..=direction_at + 1].join("-").len();
            let name = word.get(start..end)?;
            let mut letters = number.chars();
            return match (letters.next().map(|digit| digit.is_ascii_digit()), letters.next(), letters.next()) {
                (Some(true), None, _) => Some((Kind::Region, name)),
                (Some(true), Some('a'..='h'), None) => Some((Kind::Zone, name)),
                _ => None,
            };
        }
        start += window[0].len() + 1;
    }
    None
}

/// How the codes of Regions begin.
const AREAS: &[&str] = &["af", "ap", "ca", "cn", "eu", "eusc", "il", "me", "mx", "sa", "us"];

/// The directions in the codes of Regions; `de` is that of the European Sovereign Cloud.
const DIRECTIONS: &[&str] =
    &["central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west", "de"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_in_words() {
        for (word, expected) in [
            ("ap-northeast-1", Some((Kind::Region, "ap-northeast-1"))),
            ("logs-ap-northeast-3-111111111111", Some((Kind::Region, "ap-northeast-3"))),
            ("us-gov-west-1", Some((Kind::Region, "us-gov-west-1"))),
            ("ap-northeast-1a", Some((Kind::Zone, "ap-northeast-1a"))),
            ("apne1-az4", Some((Kind::Zone, "apne1-az4"))),
            ("ami-0123456789abcdef0", Some((Kind::Image, "ami-0123456789abcdef0"))),
            ("ami-linux", None),
            ("sa-east", None),
            ("us-west-side", None),
            ("nat-az", None),
            ("", None),
        ] {
            assert_eq!(place(word), expected, "{word}");
        }
    }

    #[test]
    fn only_resources_count() {
        let template = "
Mappings:
  Images: { ap-northeast-1: { id: ami-0123456789abcdef0 } }
Parameters:
  Zone: { Type: String, Default: ap-northeast-1a }
Resources:
  Web:
    Type: AWS::EC2::Instance
    Metadata: { note: was in ap-northeast-1 }
    Properties:
      ImageId: !FindInMap [Images, !Ref AWS::Region, id]
      AvailabilityZone: !Ref Zone
      UserData: !Sub 'aws s3 cp s3://assets-ap-northeast-1/x --region ${AWS::Region}'
  Other:
    Type: AWS::EC2::Instance
    Properties: { ImageId: ami-0123456789abcdef0, AvailabilityZone: ap-northeast-1c }
";
        let found: Vec<(String, Kind)> =
            hard_coded(template).unwrap().into_iter().map(|found| (found.path, found.kind)).collect();
        assert_eq!(
            found,
            [
                ("Resources.Web.Properties.UserData".to_owned(), Kind::Region),
                ("Resources.Other.Properties.ImageId".to_owned(), Kind::Image),
                ("Resources.Other.Properties.AvailabilityZone".to_owned(), Kind::Zone),
            ]
        );
    }

    #[test]
    fn json_is_read_too() {
        let template =
            r#"{"Resources": {"A": {"Properties": {"Zones": ["ap-northeast-1a", {"Ref": "AWS::Region"}]}}}}"#;
        let found = hard_coded(template).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "Resources.A.Properties.Zones[0]");
        assert!(hard_coded("{").is_err());
        assert!(hard_coded("- a: [").is_err());
    }
}
