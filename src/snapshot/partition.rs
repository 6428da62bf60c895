//! One service in one account and Region.

use std::fmt;
use std::io::{BufRead, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::model::json::{fields_from_json, fields_to_json};
use crate::model::{Resource, types};

/// The format of partition files. Readers accept this one only; a new one gets a new number.
const FORMAT: &str = "sonae.partition/1";

/// Which partition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartitionKey {
    /// The account.
    pub account: Arc<str>,
    /// The Region, or `global`.
    pub region: Arc<str>,
    /// The service, as in [`ResourceType::service`](crate::model::ResourceType::service).
    pub service: Arc<str>,
}

impl fmt::Display for PartitionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}/{}", self.account, self.region, self.service)
    }
}

/// How the calls of one operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallStatus {
    /// Every call was answered.
    Ok,
    /// A permission is missing for at least one call.
    Denied,
    /// At least one call failed for another reason.
    Error,
    /// The calls were not made, for a stated reason that is no error, such as a support plan without Trusted Advisor.
    Skipped,
}

impl CallStatus {
    /// The word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            CallStatus::Ok => "ok",
            CallStatus::Denied => "denied",
            CallStatus::Error => "error",
            CallStatus::Skipped => "skipped",
        }
    }
}

/// One line of the coverage ledger: who was asked what, and what answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// The operation, such as `s3:GetBucketVersioning`.
    pub operation: String,
    /// How many calls were made, each page counted, retries not counted.
    pub calls: u64,
    /// How many attempts were answered with "slow down".
    pub throttles: u64,
    /// How the calls ended; the worst wins.
    pub status: CallStatus,
    /// What AWS or the network said about the first call that failed.
    pub error: Option<String>,
}

/// What one service answered in one account and Region.
///
/// A type that could not be listed is held as a resource with the id `*` whose fields are all unknown, so that nobody
/// can mistake it for an empty list.
#[derive(Debug, Clone)]
pub struct Partition {
    /// Which partition.
    pub key: PartitionKey,
    /// The coverage ledger, by operation.
    pub coverage: Vec<Coverage>,
    /// The resources, in the order of their type and id.
    pub resources: Vec<Resource>,
}

/// The first line of a partition file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    key: PartitionKey,
    coverage: usize,
    resources: usize,
}

/// A resource as one line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(rename = "type")]
    ty: String,
    id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    arn: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    fields: Map<String, Json>,
}

impl Partition {
    /// An empty partition.
    pub fn new(key: PartitionKey) -> Self {
        Self { key, coverage: Vec::new(), resources: Vec::new() }
    }

    /// Brings coverage and resources into the order of files, so that the same answers give the same bytes.
    pub fn sort(&mut self) {
        self.coverage.sort_by(|a, b| a.operation.cmp(&b.operation));
        self.resources.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    }

    /// Writes the partition as JSON Lines.
    ///
    /// # Errors
    /// What the writer answers.
    pub fn write(&self, mut out: impl Write) -> std::io::Result<()> {
        let mut line = |value: &Json| writeln!(out, "{value}");
        line(&to_value(&Header {
            format: FORMAT.to_owned(),
            key: self.key.clone(),
            coverage: self.coverage.len(),
            resources: self.resources.len(),
        })?)?;
        for coverage in &self.coverage {
            line(&to_value(coverage)?)?;
        }
        for resource in &self.resources {
            line(&to_value(&Line {
                ty: resource.ty.name.to_owned(),
                id: resource.id.to_string(),
                arn: resource.arn.to_string(),
                name: if resource.name == resource.id { String::new() } else { resource.name.to_string() },
                fields: fields_to_json(resource.ty.fields, &resource.fields),
            })?)?;
        }
        Ok(())
    }

    /// Reads a partition from JSON Lines.
    ///
    /// # Errors
    /// The number of the line that does not fit, and why.
    pub fn read(input: impl BufRead) -> Result<Self, PartitionError> {
        let mut lines = input.lines().enumerate();
        let mut next = |expected: &str| {
            let (index, line) = lines
                .next()
                .ok_or_else(|| PartitionError { line: 0, problem: format!("the file ends before {expected}") })?;
            line.map(|line| (index + 1, line))
                .map_err(|error| PartitionError { line: index + 1, problem: error.to_string() })
        };
        let (number, line) = next("its header")?;
        let header: Header = parse(number, &line)?;
        if header.format != FORMAT {
            return Err(PartitionError {
                line: number,
                problem: format!("the format is {}, and this version of sonae reads {FORMAT}", header.format),
            });
        }
        let mut partition = Partition::new(header.key);
        for _ in 0..header.coverage {
            let (number, line) = next("the end of its coverage")?;
            partition.coverage.push(parse(number, &line)?);
        }
        for _ in 0..header.resources {
            let (number, line) = next("the end of its resources")?;
            let resource = read_resource(&partition.key, parse(number, &line)?)
                .map_err(|problem| PartitionError { line: number, problem })?;
            partition.resources.push(resource);
        }
        // A line more than the header says would otherwise be read by nobody.
        match lines.next() {
            Some((index, _)) => {
                Err(PartitionError { line: index + 1, problem: "the header names fewer lines".to_owned() })
            }
            None => Ok(partition),
        }
    }
}

/// A line of a partition file that does not fit.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct PartitionError {
    /// The line, counted from one; zero for the end of the file.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

fn to_value(value: &impl Serialize) -> std::io::Result<Json> {
    serde_json::to_value(value).map_err(std::io::Error::from)
}

fn parse<T: for<'de> Deserialize<'de>>(number: usize, line: &str) -> Result<T, PartitionError> {
    serde_json::from_str(line).map_err(|error| PartitionError { line: number, problem: error.to_string() })
}

fn read_resource(key: &PartitionKey, line: Line) -> Result<Resource, String> {
    let ty = types::find(&line.ty).ok_or_else(|| format!("there is no resource type {}", line.ty))?;
    let mut resource = Resource::new(ty, "", "", &line.id);
    resource.account = Arc::clone(&key.account);
    resource.region = Arc::clone(&key.region);
    resource.arn = line.arn.into();
    if !line.name.is_empty() {
        resource.name = line.name.into();
    }
    resource.fields = fields_from_json(ty.fields, &line.fields, "").map_err(|error| error.to_string())?.into();
    Ok(resource)
}
