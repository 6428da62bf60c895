//! The command line.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::{Language, Severity};
use crate::report::Format;
use crate::report::diff::Format as DiffFormat;

/// Audits AWS organisations for disaster-recovery readiness and writes the development checklist.
#[derive(Debug, Parser)]
#[command(name = "sonae", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to speak.
    #[command(flatten)]
    pub terminal: Terminal,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole way on an embedded organisation, without any AWS account: writes the reports
    Demo(Demo),
    /// Read accounts, judge what was read, write the reports
    Scan(Box<Scan>),
    /// Judge a snapshot again and write the reports, offline
    Assess(Assess),
    /// Write drills, restore tests, reviews and expiries as a calendar
    Schedule(Schedule),
    /// Compare two reports: what is new, fixed, changed and still open
    Diff(Diff),
    /// Write the audit pack: reports, snapshot, inputs, rules and their digests in one archive
    Export(Export),
    /// Check an audit pack, byte by byte, and judge its snapshot again
    Verify(Verify),
    /// Browse, explain and test rules
    #[command(subcommand)]
    Rules(Rules),
    /// Print the least privilege that a scan needs
    IamPolicy(IamPolicy),
    /// Take the workbook that people filled in back into the answers and waivers files
    Import(Import),
    /// Write a commented starter manifest
    Init(Init),
}

/// How to speak.
#[derive(Debug, Clone, Copy, Args)]
pub struct Terminal {
    /// Print nothing but errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// No colours
    #[arg(long, global = true)]
    pub no_color: bool,
}

/// What is judged, and how it is reported.
#[derive(Debug, Clone, Args)]
pub struct Judge {
    /// The manifest [default: ./sonae.yaml if it exists]
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// The language of reports [default: the manifest's]
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<Lang>,
    /// The reports to write
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Format::ALL, value_name = "FORMAT")]
    pub format: Vec<Format>,
    /// Where to write them
    #[arg(long, default_value = "sonae-report", value_name = "DIR")]
    pub out: PathBuf,
    /// Which rules are judged.
    #[command(flatten)]
    pub select: Select,
    /// Exit with 1 when a finding of this severity or worse fails
    #[arg(long, value_enum, default_value = "high", value_name = "SEVERITY")]
    pub fail_on: FailOn,
    /// Do not exit with 3 when something could not be read
    #[arg(long)]
    pub allow_unknown: bool,
    /// An earlier report.json, pack or snapshot: only what fails since then decides the exit code, and
    /// the reports say what is new. A rule that was not judged before is no regression
    #[arg(long, value_name = "REPORT")]
    pub baseline: Option<PathBuf>,
}

/// Which rules are meant: those that satisfy everything that is given.
#[derive(Debug, Clone, Default, Args)]
pub struct Select {
    /// Only these rules
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub rule: Vec<String>,
    /// Only rules on resources of these services, such as s3,rds
    #[arg(long, value_delimiter = ',', value_name = "SERVICE")]
    pub service: Vec<String>,
    /// Only rules of this severity or worse
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub severity: Option<Level>,
    /// Only rules that answer an item of these: ftr, well-architected, trusted-advisor, security-hub,
    /// aws-bcp-dr
    #[arg(long, value_delimiter = ',', value_name = "FRAMEWORK")]
    pub framework: Vec<String>,
}

/// `sonae scan`
#[derive(Debug, Args)]
pub struct Scan {
    /// What is judged, and how it is reported.
    #[command(flatten)]
    pub judge: Judge,
    /// Where to keep what was read [default: snapshots/<time> below --out]
    #[arg(long, value_name = "DIR")]
    pub snapshot: Option<PathBuf>,
    /// Go on with the unfinished snapshot in --snapshot
    #[arg(long, requires = "snapshot")]
    pub resume: bool,
    /// Ask this endpoint instead of AWS
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// The profile of the AWS configuration files
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// `sonae assess`
#[derive(Debug, Args)]
pub struct Assess {
    /// The directory that `sonae scan` wrote
    pub snapshot: PathBuf,
    /// What is judged, and how it is reported.
    #[command(flatten)]
    pub judge: Judge,
}

/// `sonae schedule`
#[derive(Debug, Args)]
pub struct Schedule {
    /// The directory that `sonae scan` wrote, or a report.json
    pub input: PathBuf,
    /// The manifest, with its answers and waivers [default: the snapshot's]
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// The language of the calendar [default: the manifest's or the report's]
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<Lang>,
    /// The file to write
    #[arg(long, default_value = "sonae.ics", value_name = "FILE")]
    pub out: PathBuf,
}

/// `sonae demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// What is judged, and how it is reported.
    #[command(flatten)]
    pub judge: Judge,
    /// Write the embedded snapshot there too, with the manifest, answers and waivers to change, and try
    /// `sonae assess DIR --manifest DIR/sonae.yaml`, `export`, `verify` and `diff` on them
    #[arg(long, value_name = "DIR")]
    pub snapshot: Option<PathBuf>,
}

/// `sonae diff`
#[derive(Debug, Args)]
pub struct Diff {
    /// The older one: a report.json, a pack that `sonae export` wrote, or a snapshot directory
    pub old: PathBuf,
    /// The newer one, likewise
    pub new: PathBuf,
    /// Judge snapshot directories by this manifest [default: the one each was made with]
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// The language; the texts inside a report.json stay in its own [default: the newer report's]
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<Lang>,
    /// text is printed; the others become diff.json, diff.xlsx and diff.md
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [DiffFormat::Text], value_name = "FORMAT")]
    pub format: Vec<DiffFormat>,
    /// Where to write the files
    #[arg(long, default_value = "sonae-report", value_name = "DIR")]
    pub out: PathBuf,
    /// Exit with 1 when a finding of this severity or worse fails and did not fail so before
    #[arg(long, value_enum, default_value = "high", value_name = "SEVERITY")]
    pub fail_on: FailOn,
    /// Do not exit with 3 when the newer scan could not read everything
    #[arg(long)]
    pub allow_unknown: bool,
}

/// `sonae export`
#[derive(Debug, Args)]
pub struct Export {
    /// The directory that `sonae scan` wrote
    pub snapshot: PathBuf,
    /// The manifest [default: the one that the scan was made with]
    ///
    /// The pack holds it as it is, with its external id if it has one: AWS does not treat that as a secret, but
    /// whoever gets the pack reads it. Terraform states are not packed, only what they own. Files that answers name
    /// as evidence are not packed either; their digests are in the answers.
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// The archive to write [default: sonae-pack-DATE.zip, after the day of the scan]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The reports in it; report.json is always there, since `sonae diff` and the trend read it
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Format::ALL, value_name = "FORMAT")]
    pub format: Vec<Format>,
    /// The languages of the reports, such as ja,en [default: the manifest's]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LANGUAGE")]
    pub lang: Vec<Lang>,
}

/// `sonae verify`
#[derive(Debug, Args)]
pub struct Verify {
    /// The archive that `sonae export` wrote
    pub pack: PathBuf,
    /// The language [default: that of the pack's reports]
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<Lang>,
}

/// `sonae rules`
#[derive(Debug, Subcommand)]
pub enum Rules {
    /// List the rules
    List(RuleSelection),
    /// Explain a rule
    Show {
        /// The rule's id
        id: String,
        /// The language
        #[arg(long, value_enum, default_value = "ja")]
        lang: Lang,
        /// The manifest, for rules of your own
        #[arg(long, value_name = "FILE")]
        manifest: Option<PathBuf>,
    },
    /// Run the examples that rules carry
    Test {
        /// A directory with rules of your own [default: ours]
        dir: Option<PathBuf>,
    },
    /// Write the reference of all rules as an mdBook
    Docs {
        /// Where to write it
        #[arg(long, default_value = "docs", value_name = "DIR")]
        out: PathBuf,
        /// The manifest, for rules of your own
        #[arg(long, value_name = "FILE")]
        manifest: Option<PathBuf>,
    },
    /// Print the JSON Schema of rule files, with which editors complete them
    Schema,
}

/// Which rules to list.
#[derive(Debug, Args)]
pub struct RuleSelection {
    /// The language
    #[arg(long, value_enum, default_value = "ja")]
    pub lang: Lang,
    /// The manifest, for rules of your own
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// Which rules are listed.
    #[command(flatten)]
    pub select: Select,
}

/// `sonae iam-policy`
#[derive(Debug, Args)]
pub struct IamPolicy {
    /// The manifest: its role, external id, accounts and Regions [default: ./sonae.yaml if it exists]
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value = "json", value_name = "FORMAT")]
    pub format: PolicyFormat,
    /// Write files there instead of printing
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Which rules are to be judged with it.
    #[command(flatten)]
    pub select: Select,
}

/// How access is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PolicyFormat {
    /// IAM policies
    Json,
    /// A `CloudFormation` template for a stack set
    Cloudformation,
    /// Terraform
    Terraform,
}

/// `sonae import`
#[derive(Debug, Args)]
pub struct Import {
    /// The workbook, as Excel, LibreOffice or Google Sheets saved it
    pub file: PathBuf,
    /// The manifest, which names the answers and waivers files [default: ./sonae.yaml]
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// Show what would change and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Who answered, where answers changed and the workbook does not say by whom
    #[arg(long, value_name = "NAME")]
    pub answered_by: Option<String>,
    /// When they answered, where the workbook does not say [default: the day on which it was saved]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub answered_on: Option<jiff::civil::Date>,
    /// The language of messages [default: the manifest's]
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<Lang>,
}

/// `sonae init`
#[derive(Debug, Args)]
pub struct Init {
    /// The file to write
    #[arg(default_value = "sonae.yaml")]
    pub file: PathBuf,
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Japanese
    Ja,
    /// English
    En,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Ja => Language::Ja,
            Lang::En => Language::En,
        }
    }
}

/// A severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Level {
    Critical,
    High,
    Medium,
    Low,
    Info,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Critical => Severity::Critical,
            Level::High => Severity::High,
            Level::Medium => Severity::Medium,
            Level::Low => Severity::Low,
            Level::Info => Severity::Info,
        }
    }
}

/// From which severity on a failure decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    Never,
}

impl FailOn {
    /// The severity; none for never.
    pub fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Critical => Some(Severity::Critical),
            FailOn::High => Some(Severity::High),
            FailOn::Medium => Some(Severity::Medium),
            FailOn::Low => Some(Severity::Low),
            FailOn::Never => None,
        }
    }
}

impl ValueEnum for DiffFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &DiffFormat::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Format::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}
