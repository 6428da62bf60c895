//! Who must be allowed what: the least privilege that a plan needs.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::Plan;
use crate::manifest::{AccountSource, Manifest, Regions};
use crate::model::types::ORGANIZATION_SERVICES;
use crate::model::types::organizations::ACCOUNT;
use crate::model::{Operation, operation};

/// The longest managed policy, in characters that are no white space: "IAM and AWS STS quotas".
pub const LONGEST_POLICY: usize = 6144;

/// The IAM actions that a scan calls, by who calls them.
///
/// `sts:GetCallerIdentity` is called too, and needs no permission.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// What is called within each account: by the role there, or by the caller where the manifest names no role.
    pub accounts: BTreeSet<&'static str>,
    /// What is called with the caller's own credentials on top, without assuming the role.
    pub caller: BTreeSet<&'static str>,
    /// The role that the caller assumes in each account, as the manifest names it.
    pub role: Option<String>,
}

/// What a policy allows: the actions of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name within the policy.
    pub sid: String,
    /// IAM actions, sorted.
    pub actions: Vec<String>,
    /// An ARN, or `*`.
    pub resource: String,
}

impl Access {
    /// What a scan with that plan needs. Where the manifest says which accounts and Regions to read, nothing is asked
    /// to find them.
    pub fn of(plan: &Plan, manifest: &Manifest) -> Self {
        let mut access = Self { role: manifest.accounts.role.clone(), ..Self::default() };
        for operation in plan.operations() {
            let by_caller = ORGANIZATION_SERVICES.contains(&operation.service);
            let caller = if by_caller { &mut access.caller } else { &mut access.accounts };
            caller.insert(operation.action);
        }
        if manifest.regions == Regions::Enabled {
            access.accounts.insert(operation::DESCRIBE_REGIONS.action);
        }
        access.caller.extend(finding_accounts(plan, manifest).iter().map(|operation| operation.action));
        access
    }

    /// What the caller needs on top of what the role in each account has.
    pub fn caller_statements(&self) -> Vec<Statement> {
        let mut statements = Vec::new();
        if let Some(role) = &self.role {
            statements.push(Statement {
                sid: "AssumeTheRole".to_owned(),
                actions: vec![operation::ASSUME_ROLE.action.to_owned()],
                resource: format!("arn:aws:iam::*:role/{role}"),
            });
        }
        if !self.caller.is_empty() {
            statements.push(Statement {
                sid: "FindTheAccounts".to_owned(),
                actions: self.caller.iter().map(|action| (*action).to_owned()).collect(),
                resource: "*".to_owned(),
            });
        }
        statements
    }

    /// Policies for what is called within each account: as few as hold all of it, a statement for each service.
    pub fn account_policies(&self) -> Vec<Vec<Statement>> {
        split(&self.accounts, LONGEST_POLICY)
    }
}

/// How the accounts are found.
fn finding_accounts(plan: &Plan, manifest: &Manifest) -> Vec<Operation> {
    let accounts = &manifest.accounts;
    let mut operations = Vec::new();
    if accounts.from == AccountSource::Organizations {
        // With units to stay within, the organisation is walked from these; else it is listed.
        if accounts.include_ous.is_empty() {
            operations.push(operation::LIST_ACCOUNTS);
        }
        if !(accounts.include_ous.is_empty() && accounts.exclude_ous.is_empty()) {
            operations.push(operation::LIST_ACCOUNTS_FOR_PARENT);
            operations.push(operation::LIST_ORGANIZATIONAL_UNITS_FOR_PARENT);
        }
    } else if plan.wants_type(&ACCOUNT) {
        operations.push(operation::LIST_ACCOUNTS);
    }
    operations
}

/// A policy document.
pub fn document(statements: &[Statement]) -> Json {
    let statements: Vec<Json> = statements
        .iter()
        .map(|statement| {
            json!({
                "Sid": statement.sid,
                "Effect": "Allow",
                "Action": statement.actions,
                "Resource": statement.resource,
            })
        })
        .collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// Spreads sorted actions over policies that are no longer than `longest`.
fn split(actions: &BTreeSet<&'static str>, longest: usize) -> Vec<Vec<Statement>> {
    let mut policies: Vec<Vec<Statement>> = Vec::new();
    for action in actions {
        let sid = sid(action.split(':').next().unwrap_or_default());
        let mut grown = policies.last().cloned().unwrap_or_default();
        match grown.last_mut().filter(|statement| statement.sid == sid) {
            Some(statement) => statement.actions.push((*action).to_owned()),
            None => grown.push(statement(&sid, action)),
        }
        let fits = document(&grown).to_string().len() <= longest;
        match policies.last_mut() {
            Some(last) if fits => *last = grown,
            _ => policies.push(vec![statement(&sid, action)]),
        }
    }
    policies
}

fn statement(sid: &str, action: &str) -> Statement {
    Statement { sid: sid.to_owned(), actions: vec![action.to_owned()], resource: "*".to_owned() }
}

/// The name of a service as IAM takes it for the id of a statement: letters and digits.
fn sid(prefix: &str) -> String {
    let mut sid = String::new();
    for word in prefix.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let mut letters = word.chars();
        sid.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        sid.push_str(letters.as_str());
    }
    sid
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Overrides, RuleSet};

    fn access(change: impl FnOnce(&mut Manifest)) -> (Plan, Access) {
        let rules = RuleSet::load(&[], &Overrides::new()).unwrap();
        let plan = Plan::for_rules(&rules, false);
        let mut manifest = Manifest::without_file();
        manifest.regions = Regions::List(vec!["ap-northeast-1".to_owned()]);
        manifest.accounts.role = Some("r".to_owned());
        change(&mut manifest);
        let access = Access::of(&plan, &manifest);
        (plan, access)
    }

    fn granted(access: &Access) -> BTreeSet<String> {
        access.account_policies().into_iter().flatten().flat_map(|statement| statement.actions).collect()
    }

    #[test]
    fn the_role_may_do_what_the_plan_calls_and_nothing_else() {
        let (plan, access) = access(|manifest| manifest.accounts.from = AccountSource::Organizations);
        let planned: BTreeSet<String> = plan
            .operations()
            .iter()
            .filter(|operation| !ORGANIZATION_SERVICES.contains(&operation.service))
            .map(|operation| operation.action.to_owned())
            .collect();
        assert!(planned.len() > 20);
        assert_eq!(granted(&access), planned);
        assert_eq!(
            access.caller_statements().into_iter().flat_map(|statement| statement.actions).collect::<Vec<_>>(),
            ["sts:AssumeRole", "organizations:ListAccounts"]
        );
    }

    #[test]
    fn finding_accounts_and_regions_is_allowed_where_it_is_asked_for() {
        let (_, listed) = access(|manifest| manifest.accounts.from = AccountSource::List(vec!["1".repeat(12)]));
        assert!(!granted(&listed).contains("ec2:DescribeRegions"));
        assert!(listed.caller.iter().all(|action| *action == "organizations:ListAccounts"));
        let (_, enabled) = access(|manifest| {
            manifest.regions = Regions::Enabled;
            manifest.accounts.from = AccountSource::Organizations;
            manifest.accounts.include_ous = vec!["ou-1111-22222222".to_owned()];
        });
        assert!(granted(&enabled).contains("ec2:DescribeRegions"));
        assert!(enabled.caller.contains("organizations:ListAccountsForParent"));
        let (_, own) = access(|manifest| manifest.accounts.role = None);
        assert!(own.caller_statements().iter().all(|statement| statement.sid != "AssumeTheRole"));
    }

    #[test]
    fn policies_are_as_long_as_allowed_and_lose_nothing() {
        let actions: BTreeSet<&'static str> = operation::ALL.iter().map(|operation| operation.action).collect();
        for longest in [LONGEST_POLICY, 600, 300] {
            let policies = split(&actions, longest);
            assert!(policies.iter().all(|policy| document(policy).to_string().len() <= longest));
            let all: Vec<&str> =
                policies.iter().flatten().flat_map(|statement| &statement.actions).map(String::as_str).collect();
            assert_eq!(all, actions.iter().copied().collect::<Vec<_>>(), "{longest}");
        }
        assert!(split(&actions, 600).len() > 1);
        assert!(split(&BTreeSet::new(), 600).is_empty());
    }

    #[test]
    fn statements_are_named_after_services() {
        assert_eq!(sid("network-firewall"), "NetworkFirewall");
        assert_eq!(sid("rds"), "Rds");
    }
}
