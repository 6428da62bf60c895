//! `sonae iam-policy`: the least privilege, in three formats.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use sonae::collect::Plan;
use sonae::collect::access::LONGEST_POLICY;
use sonae::model::operation;
use sonae::rules::{Overrides, RuleSet};

use crate::common::{Place, sonae};

const MANIFEST: &str = "\
regions: [ap-northeast-1]
accounts: { discover: organizations, role: audit/SonaeReadOnly, external_id: 'id${x}%{y}\"' }
workloads: [{ name: a, select: { tags: { System: a } } }]
";

fn place() -> Place {
    let place = Place::new();
    place.write("sonae.yaml", MANIFEST);
    place
}

fn parts(text: &str) -> Json {
    serde_json::from_str(text).expect("JSON")
}

/// The actions of a part, as its policies list them.
fn actions(policies: &Json) -> Vec<String> {
    let policies = policies.as_array().expect("policies");
    let statements = policies.iter().flat_map(|policy| policy["Statement"].as_array().expect("statements"));
    let actions = statements.flat_map(|statement| statement["Action"].as_array().expect("actions"));
    actions.map(|action| action.as_str().expect("an action").to_owned()).collect()
}

/// What the plan of these rules calls in an account.
fn planned(rules: &RuleSet) -> Vec<String> {
    let operations = Plan::for_rules(rules, true).operations();
    let actions = operations.iter().filter(|operation| operation.service != "organizations").map(|it| it.action);
    actions.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect()
}

#[test]
fn the_policies_allow_what_the_plan_calls_and_nothing_else() {
    let rules = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
    let run = place().sonae().args(["iam-policy"]).run().expect(0);
    let parts = parts(&run.stdout);
    assert_eq!(actions(&parts["member_role"]), planned(&rules), "sorted, each once");
    assert_eq!(actions(&parts["auditing_principal"]), ["sts:AssumeRole", "organizations:ListAccounts"]);
    let assume = &parts["auditing_principal"][0]["Statement"][0];
    assert_eq!(assume["Resource"], "arn:aws:iam::*:role/audit/SonaeReadOnly");
    let policies = parts["member_role"].as_array().expect("policies");
    for policy in policies {
        assert_eq!(policy["Version"], "2012-10-17");
        assert!(policy.to_string().len() <= LONGEST_POLICY);
        for statement in policy["Statement"].as_array().expect("statements") {
            assert_eq!((&statement["Effect"], &statement["Resource"]), (&json!("Allow"), &json!("*")));
            let sid = statement["Sid"].as_str().expect("a name");
            assert!(sid.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{sid}");
        }
    }
    assert_eq!(run.stderr.contains("policies"), policies.len() > 1, "{}", run.stderr);
}

#[test]
fn every_action_is_read_only_by_its_name() {
    for operation in operation::ALL.iter().filter(|operation| **operation != operation::ASSUME_ROLE) {
        let (_, name) = operation.action.split_once(':').expect("service:Action");
        assert!(["Describe", "Get", "List", "BatchGet"].iter().any(|verb| name.starts_with(verb)), "{operation}");
    }
}

#[test]
fn a_selection_needs_less() {
    let rules = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
    for (args, selected) in [
        (["--rule", "s3-versioning-enabled"], rules.filter(|rule| &*rule.id == "s3-versioning-enabled")),
        (["--service", "s3"], rules.of_services(&["s3".to_owned()])),
        (["--framework", "ftr"], rules.filter(|rule| !rule.maps.ftr.is_empty())),
    ] {
        let run = place().sonae().args(["iam-policy"]).args(args).run().expect(0);
        assert_eq!(actions(&parts(&run.stdout)["member_role"]), planned(&selected), "{args:?}");
    }
    // What is only declared or answered needs nothing but the way in.
    let run = place().sonae().args(["iam-policy", "--rule", "obj-slo-declared"]).run().expect(0);
    assert_eq!(parts(&run.stdout)["member_role"], json!([]));
}

#[test]
fn without_a_role_the_caller_reads() {
    let run = sonae().args(["iam-policy", "--rule", "s3-versioning-enabled"]).run().expect(0);
    let parts = parts(&run.stdout);
    assert_eq!(parts.as_object().expect("parts").keys().collect::<Vec<_>>(), ["auditing_principal"]);
    assert!(actions(&parts["auditing_principal"]).contains(&"s3:GetBucketVersioning".to_owned()));
}

#[test]
fn the_files_are_what_is_printed() {
    let place = place();
    let printed = parts(&place.sonae().args(["iam-policy"]).run().expect(0).stdout);
    place.sonae().args(["iam-policy", "--out", "policies"]).run().expect(0);
    assert_eq!(place.json("policies/auditing-principal.json"), printed["auditing_principal"][0]);
    for (format, file) in [("cloudformation", "member-role.yaml"), ("terraform", "member-role.tf")] {
        let printed = place.sonae().args(["iam-policy", "--format", format]).run().expect(0).stdout;
        place.sonae().args(["iam-policy", "--format", format, "--out", "policies"]).run().expect(0);
        assert_eq!(String::from_utf8(place.read(&format!("policies/{file}"))).expect("UTF-8"), printed);
    }
}

#[test]
fn the_template_holds_the_role_and_its_policies() {
    let rules = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
    let printed = place().sonae().args(["iam-policy", "--format", "cloudformation"]).run().expect(0).stdout;
    let template: Json = serde_saphyr::from_str(&printed).expect("YAML");
    assert_eq!(template["AWSTemplateFormatVersion"], "2010-09-09");
    assert_eq!(template["Parameters"]["RoleName"]["Default"], "SonaeReadOnly");
    assert_eq!(template["Parameters"]["ExternalId"]["Default"], "id${x}%{y}\"");
    let resources = template["Resources"].as_object().expect("resources");
    let role = &resources["MemberRole"]["Properties"];
    assert_eq!(role["Path"], "/audit/");
    let trust = &role["AssumeRolePolicyDocument"]["Statement"][0];
    assert_eq!(trust["Principal"]["AWS"]["Fn::Sub"], "arn:${AWS::Partition}:iam::${AuditingAccountId}:root");
    assert_eq!(trust["Condition"]["Fn::If"][0], "HasExternalId");
    let attached = resources.iter().filter(|(name, _)| name.starts_with("MemberPolicy"));
    let policies: Vec<Json> = attached
        .map(|(_, policy)| {
            assert_eq!(policy["Properties"]["Roles"], json!([{ "Ref": "MemberRole" }]));
            policy["Properties"]["PolicyDocument"].clone()
        })
        .collect();
    assert_eq!(actions(&Json::Array(policies)), planned(&rules));
    let auditing = &resources["AuditingPrincipalPolicy"];
    assert_eq!(auditing["Condition"], "IsAuditingAccount");
    let assume = &auditing["Properties"]["PolicyDocument"]["Statement"][0];
    assert_eq!(assume["Resource"]["Fn::Sub"], "arn:${AWS::Partition}:iam::*:role/audit/${RoleName}");
}

#[test]
fn terraform_holds_the_same_actions() {
    let rules = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
    let printed = place().sonae().args(["iam-policy", "--format", "terraform"]).run().expect(0).stdout;
    let listed: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.strip_prefix("      \"")?.strip_suffix("\","))
        .filter(|action| !action.starts_with("organizations:") && !action.starts_with("sts:"))
        .collect();
    assert_eq!(listed, planned(&rules));
    assert!(printed.contains(r#"default     = "id$${x}%%{y}\"""#), "{printed}");
    assert!(printed.contains(r#"path               = "/audit/""#), "{printed}");
    assert_eq!(printed.matches('{').count(), printed.matches('}').count());
}
