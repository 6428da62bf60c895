//! Terraform state files: what Terraform owns.
//!
//! A state holds secrets in plain text. Of it only the type, id and ARN of each resource are read; nothing else ever
//! becomes a value of this program.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::Resource;

/// What the states of a manifest own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct States {
    /// The ARNs, in lower case.
    arns: HashSet<String>,
    /// The ids of what has no ARN in the state, such as NAT gateways.
    ids: HashSet<String>,
}

/// A state that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// It cannot be read.
    #[error("cannot read the Terraform state {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: std::io::Error,
    },
    /// It is no state: encrypted, cut off, or something else altogether. The parser's own words could quote a secret.
    #[error(
        "{} is no Terraform state: it stops making sense in line {line}, column {column}; save it anew with `terraform state pull`",
        path.display()
    )]
    NotAState {
        /// The file.
        path: PathBuf,
        /// Where it stops making sense.
        line: usize,
        /// Where it stops making sense.
        column: usize,
    },
    /// It is of another version.
    #[error(
        "{} is a Terraform state of version {version}, and version 4 is needed; Terraform 0.12 and later write it on the next apply",
        path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
}

/// The part of a state that is read. Everything else is skipped without being kept.
#[derive(Deserialize)]
struct State {
    version: u64,
    #[serde(default)]
    resources: Vec<StateResource>,
}

#[derive(Deserialize)]
struct StateResource {
    #[serde(default)]
    mode: Mode,
    #[serde(rename = "type")]
    ty: String,
    #[serde(default)]
    instances: Vec<Instance>,
}

/// Data sources are in the state too, but what they show Terraform does not own.
#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Managed,
    Data,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Instance {
    #[serde(default)]
    attributes: Option<Attributes>,
}

#[derive(Deserialize)]
struct Attributes {
    #[serde(default)]
    id: Option<Plain>,
    #[serde(default)]
    arn: Option<Plain>,
}

/// A text, or something else that is of no use here.
#[derive(Deserialize)]
#[serde(untagged)]
enum Plain {
    Text(String),
    Other(serde::de::IgnoredAny),
}

impl Plain {
    fn text(self) -> Option<String> {
        match self {
            Plain::Text(text) => Some(text),
            Plain::Other(_) => None,
        }
    }
}

impl States {
    /// Adds what a state file owns.
    ///
    /// # Errors
    /// It cannot be read or is no state of version 4.
    pub fn read(&mut self, path: &Path) -> Result<(), StateError> {
        let file = File::open(path).map_err(|source| StateError::File { path: path.to_owned(), source })?;
        self.add(path, BufReader::new(file))
    }

    /// Adds what a state owns.
    ///
    /// # Errors
    /// It cannot be read or is no state of version 4.
    pub fn add(&mut self, path: &Path, state: impl std::io::Read) -> Result<(), StateError> {
        let path = || path.to_owned();
        let state: State = serde_json::from_reader(state).map_err(|error| {
            if error.is_io() {
                StateError::File { path: path(), source: error.into() }
            } else {
                StateError::NotAState { path: path(), line: error.line(), column: error.column() }
            }
        })?;
        if state.version != 4 {
            return Err(StateError::Version { path: path(), version: state.version });
        }
        let owned = state.resources.into_iter().filter(|resource| resource.mode == Mode::Managed);
        for resource in owned.filter(|resource| resource.ty.starts_with("aws_") || resource.ty.starts_with("awscc_")) {
            for attributes in resource.instances.into_iter().filter_map(|instance| instance.attributes) {
                match (attributes.arn.and_then(Plain::text), attributes.id.and_then(Plain::text)) {
                    (Some(arn), _) => _ = self.arns.insert(arn.to_lowercase()),
                    (None, Some(id)) if id.starts_with("arn:") => _ = self.arns.insert(id.to_lowercase()),
                    (None, Some(id)) if generated(&id) => _ = self.ids.insert(id),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Whether a state owns a resource.
    pub fn owns(&self, resource: &Resource) -> bool {
        self.arns.contains(&resource.arn.to_lowercase()) || self.ids.contains(&*resource.id)
    }

    /// Whether there is nothing in them.
    pub fn is_empty(&self) -> bool {
        self.arns.is_empty() && self.ids.is_empty()
    }

    /// As a snapshot keeps them, in a stable order.
    pub fn keep(&self) -> String {
        let sorted = |set: &HashSet<String>| {
            let mut items: Vec<&String> = set.iter().collect();
            items.sort_unstable();
            serde_json::json!(items)
        };
        serde_json::json!({ "arns": sorted(&self.arns), "ids": sorted(&self.ids) }).to_string()
    }

    /// From what a snapshot kept.
    ///
    /// # Errors
    /// Somebody changed it.
    pub fn kept(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// Whether an id is one that AWS made up, such as `nat-0123456789abcdef0`: names are not unique, and of a password that
/// a provider took for its id nothing is kept.
fn generated(id: &str) -> bool {
    id.split_once('-').is_some_and(|(kind, rest)| {
        (2..=8).contains(&kind.len())
            && kind.bytes().all(|byte| byte.is_ascii_lowercase())
            && [8, 17].contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::types::ec2::NAT_GATEWAY;
    use crate::model::types::s3::BUCKET;

    const STATE: &str = r#"{
        "version": 4, "terraform_version": "1.9.0", "outputs": {"password": {"value": "hunter2", "sensitive": true}},
        "resources": [
            {"mode": "managed", "type": "aws_s3_bucket", "name": "assets", "instances": [
                {"attributes": {"id": "assets", "arn": "arn:aws:s3:::assets", "policy": {"a": [1, null]}}}]},
            {"mode": "data", "type": "aws_s3_bucket", "name": "other", "instances": [
                {"attributes": {"id": "other", "arn": "arn:aws:s3:::other"}}]},
            {"mode": "managed", "type": "aws_nat_gateway", "name": "a", "instances": [
                {"attributes": {"id": "nat-0123456789abcdef0"}}, {"attributes": null}, {}]},
            {"mode": "managed", "type": "random_password", "name": "db", "instances": [
                {"attributes": {"id": "hunter2", "arn": "hunter2", "result": "hunter2"}}]},
            {"mode": "managed", "type": "aws_iam_access_key", "name": "k", "instances": [
                {"attributes": {"id": "AKIAEXAMPLE", "secret": "hunter2"}}]}
        ]
    }"#;

    fn states(text: &str) -> Result<States, StateError> {
        let mut states = States::default();
        states.add(Path::new("terraform.tfstate"), text.as_bytes())?;
        Ok(states)
    }

    #[test]
    fn a_state_owns_its_managed_resources_and_not_its_data_sources() {
        let states = states(STATE).unwrap();
        let bucket = |name: &str| {
            let mut bucket = Resource::new(&BUCKET, "111111111111", "ap-northeast-1", name);
            bucket.arn = format!("arn:aws:s3:::{name}").into();
            bucket
        };
        assert!(states.owns(&bucket("assets")));
        assert!(!states.owns(&bucket("other")));
        assert!(states.owns(&Resource::new(&NAT_GATEWAY, "111111111111", "ap-northeast-1", "nat-0123456789abcdef0")));
    }

    #[test]
    fn no_secret_of_a_state_is_kept() {
        let states = states(STATE).unwrap();
        assert_eq!(states.keep(), r#"{"arns":["arn:aws:s3:::assets"],"ids":["nat-0123456789abcdef0"]}"#);
        assert_eq!(States::kept(&states.keep()).unwrap(), states);
    }

    #[test]
    fn errors_name_the_file_and_no_secret() {
        let message = |text: &str| states(text).unwrap_err().to_string();
        assert_eq!(
            message(r#"{"version": 3}"#),
            "terraform.tfstate is a Terraform state of version 3, and version 4 is needed; Terraform 0.12 and later write it on the next apply"
        );
        let message = message(r#"{"version": 4, "resources": "hunter2"}"#);
        assert!(message.starts_with("terraform.tfstate is no Terraform state"), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }

    proptest::proptest! {
        #[test]
        fn whatever_attributes_hold_is_not_kept(text in "[ -~]{0,40}", name in "[a-z_]{1,20}") {
            let secret = format!("s3cr3t{text}");
            let state = serde_json::json!({ "version": 4, "outputs": { "x": { "value": secret } }, "resources": [{
                "mode": "managed", "type": "aws_db_instance", "name": "main",
                "instances": [{ "attributes": { (format!("x{name}")): secret, "id": secret } }],
            }] });
            let states = states(&state.to_string()).unwrap();
            proptest::prop_assert!(states.is_empty(), "{}", states.keep());
        }
    }
}
