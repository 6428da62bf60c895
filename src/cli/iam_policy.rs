//! `sonae iam-policy`: the least privilege that the selected rules need.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Map, Value as Json, json};

use super::args::{IamPolicy, PolicyFormat, Terminal};
use super::exit::{self, Blame, Failure};
use super::inputs::Files;
use crate::collect::Plan;
use crate::collect::access::{Access, Statement, document};
use crate::manifest::Manifest;

/// The name of the role where the manifest names none.
const ROLE: &str = "SonaeReadOnly";

/// Runs the command.
pub fn run(args: &IamPolicy, terminal: Terminal) -> Result<ExitCode, Failure> {
    let files = Files::from_disk(args.manifest.as_deref())?;
    let inputs = files.check(&args.select)?;
    if !terminal.quiet {
        super::warn(inputs.warnings(), terminal);
    }
    let plan = Plan::for_rules(&inputs.rules, inputs.select_by_tags());
    let access = Access::of(&plan, &inputs.manifest);
    let policies = access.account_policies();
    if policies.len() > 1 && !terminal.quiet {
        eprint(&format!("note: {} policies, since one holds 6,144 characters\n", policies.len()));
    }
    let files = match args.format {
        PolicyFormat::Json => json_files(&access, &policies).run()?,
        PolicyFormat::Cloudformation => {
            let template = template(&Role::of(&inputs.manifest), &access, &policies);
            vec![("member-role.yaml".to_owned(), yaml(&template))]
        }
        PolicyFormat::Terraform => {
            vec![("member-role.tf".to_owned(), terraform(&Role::of(&inputs.manifest), &access, &policies))]
        }
    };
    match &args.out {
        Some(directory) => {
            std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display())).run()?;
            for (name, text) in &files {
                let path = directory.join(name);
                std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display())).run()?;
                if !terminal.quiet {
                    super::print(&format!("{}\n", path.display()))?;
                }
            }
        }
        None if args.format == PolicyFormat::Json => super::print(&pretty(&json_parts(&access, &policies)).run()?)?,
        None => {
            for (_, text) in &files {
                super::print(text)?;
            }
        }
    }
    Ok(ExitCode::from(exit::CLEAN))
}

/// A remark that does not belong to what is printed.
fn eprint(text: &str) {
    // Nothing can be done when not even the error stream takes it.
    let _ = std::io::Write::write_all(&mut std::io::stderr().lock(), text.as_bytes());
}

fn pretty(json: &Json) -> serde_json::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(json)?))
}

/// The policies, by who needs them.
fn json_parts(access: &Access, policies: &[Vec<Statement>]) -> Json {
    let accounts: Vec<Json> = policies.iter().map(|policy| document(policy)).collect();
    let caller = access.caller_statements();
    let mut parts = Map::new();
    // Without a role, the principal that starts the scan reads its own account.
    parts.insert(reader(access).to_owned(), Json::Array(accounts));
    if !caller.is_empty() {
        let own = parts.entry("auditing_principal").or_insert_with(|| json!([]));
        if let Json::Array(own) = own {
            own.push(document(&caller));
        }
    }
    Json::Object(parts)
}

fn reader(access: &Access) -> &'static str {
    if access.role.is_some() { "member_role" } else { "auditing_principal" }
}

/// One file for each policy, as `aws iam create-policy --policy-document file://...` takes it.
fn json_files(access: &Access, policies: &[Vec<Statement>]) -> serde_json::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    if let Json::Object(parts) = json_parts(access, policies) {
        for (part, documents) in &parts {
            let documents = documents.as_array().map(Vec::as_slice).unwrap_or_default();
            for (number, document) in documents.iter().enumerate() {
                let number = if documents.len() > 1 { format!("-{}", number + 1) } else { String::new() };
                files.push((format!("{}{number}.json", part.replace('_', "-")), pretty(document)?));
            }
        }
    }
    Ok(files)
}

/// The role as the manifest names it.
struct Role {
    name: String,
    /// With slashes around it.
    path: String,
    external_id: String,
}

impl Role {
    fn of(manifest: &Manifest) -> Self {
        let role = manifest.accounts.role.as_deref().unwrap_or(ROLE);
        let (path, name) = match role.rsplit_once('/') {
            Some((path, name)) => (format!("/{path}/"), name),
            None => ("/".to_owned(), role),
        };
        let external_id = manifest.accounts.external_id.clone().unwrap_or_default();
        Self { name: name.to_owned(), path, external_id }
    }
}

/// A CloudFormation template: the role with its policies, and in the auditing account what the principal there needs.
fn template(role: &Role, access: &Access, policies: &[Vec<Statement>]) -> Json {
    let mut resources = Map::new();
    resources.insert(
        "MemberRole".to_owned(),
        json!({
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": { "Ref": "RoleName" },
                "Path": role.path,
                "Description": "Read by Sonae, an audit of disaster-recovery readiness",
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{
                        "Effect": "Allow",
                        "Action": "sts:AssumeRole",
                        "Principal": { "AWS": { "Fn::Sub": "arn:${AWS::Partition}:iam::${AuditingAccountId}:root" } },
                        "Condition": { "Fn::If": [
                            "HasExternalId",
                            { "StringEquals": { "sts:ExternalId": { "Ref": "ExternalId" } } },
                            { "Ref": "AWS::NoValue" },
                        ] },
                    }],
                },
            },
        }),
    );
    for (number, policy) in policies.iter().enumerate() {
        resources.insert(
            format!("MemberPolicy{}", number + 1),
            json!({
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "Description": "What Sonae calls in this account",
                    "Roles": [{ "Ref": "MemberRole" }],
                    "PolicyDocument": document(policy),
                },
            }),
        );
    }
    let mut caller = document(&caller_statements(role, access));
    if let Some(resource) = caller.pointer_mut("/Statement/0/Resource") {
        *resource = json!({ "Fn::Sub": format!("arn:${{AWS::Partition}}:iam::*:role{}${{RoleName}}", role.path) });
    }
    resources.insert(
        "AuditingPrincipalPolicy".to_owned(),
        json!({
            "Type": "AWS::IAM::ManagedPolicy",
            "Condition": "IsAuditingAccount",
            "Properties": {
                "Description": "What the principal that starts Sonae needs: attach it to that user or role",
                "PolicyDocument": caller,
            },
        }),
    );
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The role that Sonae reads an account with. Deploy it as a StackSet, in one Region; a service-managed \
            StackSet leaves out the management account.",
        "Parameters": {
            "AuditingAccountId": {
                "Type": "String",
                "AllowedPattern": "^[0-9]{12}$",
                "Description": "The account that Sonae is started in",
            },
            "ExternalId": {
                "Type": "String",
                "Default": role.external_id,
                "Description": "accounts.external_id of the manifest; empty for none",
            },
            "RoleName": {
                "Type": "String",
                "Default": role.name,
                "Description": "accounts.role of the manifest, without its path",
            },
        },
        "Conditions": {
            "HasExternalId": { "Fn::Not": [{ "Fn::Equals": [{ "Ref": "ExternalId" }, ""] }] },
            "IsAuditingAccount": { "Fn::Equals": [{ "Ref": "AWS::AccountId" }, { "Ref": "AuditingAccountId" }] },
        },
        "Resources": resources,
    })
}

/// What the caller needs for a role that is made here, whether or not the manifest names it yet.
fn caller_statements(role: &Role, access: &Access) -> Vec<Statement> {
    let role = format!("{}{}", role.path.trim_start_matches('/'), role.name);
    Access { role: Some(role), ..access.clone() }.caller_statements()
}

/// YAML that every parser reads alike: what is not plainly a word is in double quotes.
fn yaml(value: &Json) -> String {
    let mut out = String::new();
    block(value, 0, &mut out);
    out
}

fn block(value: &Json, indent: usize, out: &mut String) {
    match value {
        Json::Object(entries) => {
            for (key, value) in entries {
                let _ = write!(out, "{:indent$}{}:", "", scalar(key));
                nested(value, indent + 2, out);
            }
        }
        Json::Array(items) => {
            for item in items {
                let start = out.len();
                block(item, indent + 2, out);
                // The dash takes the place of the first line's indentation.
                if out.len() > start + indent {
                    out.replace_range(start..start + indent + 2, &format!("{:indent$}- ", ""));
                }
            }
        }
        Json::String(text) => {
            let _ = writeln!(out, "{:indent$}{}", "", scalar(text));
        }
        other => {
            let _ = writeln!(out, "{:indent$}{other}", "");
        }
    }
}

fn nested(value: &Json, indent: usize, out: &mut String) {
    match value {
        Json::Object(entries) if entries.is_empty() => out.push_str(" {}\n"),
        Json::Array(items) if items.is_empty() => out.push_str(" []\n"),
        Json::Object(_) | Json::Array(_) => {
            out.push('\n');
            block(value, indent, out);
        }
        Json::String(text) => {
            let _ = writeln!(out, " {}", scalar(text));
        }
        other => {
            let _ = writeln!(out, " {other}");
        }
    }
}

fn scalar(text: &str) -> String {
    let word = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.split(':').all(|part| {
            let part = part.trim_end_matches('*');
            part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })
        && !text.ends_with(':');
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if word && !reserved.contains(&text.to_ascii_lowercase().as_str()) {
        text.to_owned()
    } else {
        // A JSON text is a YAML text in double quotes, but for what only JSON takes as it is.
        let quoted = Json::from(text).to_string();
        let mut out = String::with_capacity(quoted.len());
        for letter in quoted.chars() {
            if letter.is_control() {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            } else {
                out.push(letter);
            }
        }
        out
    }
}

/// Terraform: the role with its policies, and in the auditing account what the principal there needs.
fn terraform(role: &Role, access: &Access, policies: &[Vec<Statement>]) -> String {
    let mut out = format!(
        r#"# The role that Sonae reads an account with. Apply it in every account that is to be read.

variable "auditing_account_id" {{
  type        = string
  description = "The account that Sonae is started in"
}}

variable "external_id" {{
  type        = string
  description = "accounts.external_id of the manifest; empty for none"
  default     = {external_id}
}}

variable "role_name" {{
  type        = string
  description = "accounts.role of the manifest, without its path"
  default     = {name}
}}

data "aws_partition" "current" {{}}

data "aws_caller_identity" "current" {{}}

data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRole"]

    principals {{
      type        = "AWS"
      identifiers = ["arn:${{data.aws_partition.current.partition}}:iam::${{var.auditing_account_id}}:root"]
    }}

    dynamic "condition" {{
      for_each = var.external_id == "" ? [] : [var.external_id]

      content {{
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }}
    }}
  }}
}}

resource "aws_iam_role" "member" {{
  name               = var.role_name
  path               = {path}
  description        = "Read by Sonae, an audit of disaster-recovery readiness"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}
"#,
        external_id = hcl(&role.external_id),
        name = hcl(&role.name),
        path = hcl(&role.path),
    );
    for (number, policy) in policies.iter().enumerate() {
        let name = format!("member_{}", number + 1);
        policy_document(&name, policy, None, &mut out);
        let _ = write!(
            out,
            r#"
resource "aws_iam_policy" "{name}" {{
  name   = "${{var.role_name}}-{number}"
  policy = data.aws_iam_policy_document.{name}.json
}}

resource "aws_iam_role_policy_attachment" "{name}" {{
  role       = aws_iam_role.member.name
  policy_arn = aws_iam_policy.{name}.arn
}}
"#,
            number = number + 1,
        );
    }
    out.push_str("\n# What the principal that starts Sonae needs: attach it to that user or role.\n");
    let resource = format!("arn:${{data.aws_partition.current.partition}}:iam::*:role{}${{var.role_name}}", role.path);
    policy_document("auditing_principal", &caller_statements(role, access), Some(&resource), &mut out);
    out.push_str(
        r#"
resource "aws_iam_policy" "auditing_principal" {
  count  = data.aws_caller_identity.current.account_id == var.auditing_account_id ? 1 : 0
  name   = "${var.role_name}-auditing-principal"
  policy = data.aws_iam_policy_document.auditing_principal.json
}
"#,
    );
    out
}

/// A policy document. `role` is an expression for the resource of `sts:AssumeRole`.
fn policy_document(name: &str, statements: &[Statement], role: Option<&str>, out: &mut String) {
    let _ = write!(out, "\ndata \"aws_iam_policy_document\" \"{name}\" {{");
    for (number, statement) in statements.iter().enumerate() {
        let gap = if number == 0 { "" } else { "\n" };
        let _ = write!(out, "{gap}\n  statement {{\n    sid = {}\n\n    actions = [\n", hcl(&statement.sid));
        for action in &statement.actions {
            let _ = writeln!(out, "      {},", hcl(action));
        }
        let resource = match role {
            Some(role) if statement.resource != "*" => format!("\"{role}\""),
            _ => hcl(&statement.resource),
        };
        let _ = write!(out, "    ]\n\n    resources = [{resource}]\n  }}");
    }
    out.push_str("\n}\n");
}

/// A text in HCL. What looks like a template in it stays text.
fn hcl(text: &str) -> String {
    Json::from(text).to_string().replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_is_what_was_meant() {
        let value = json!({
            "a": "rds:DescribeDBInstances",
            "b": ["x", { "c": "no", "d": [] }, ["y", { "z": {} }]],
            "AWS::IAM": { "e": "*", "f": "a: b # c", "g": "", "h": "\"\n\u{7f}:", "i": "2012-10-17", "j": "on" },
            "k:": true,
            "l": [[["deep"]], 7, null],
        });
        let text = yaml(&value);
        let read: Json = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(read, value, "{text}");
    }

    #[test]
    fn templates_in_a_text_stay_text() {
        assert_eq!(hcl("a${b}%{c}\"\\"), r#""a$${b}%%{c}\"\\""#);
    }
}
