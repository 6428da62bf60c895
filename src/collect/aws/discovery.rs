//! Which accounts and Regions there are, and how to get into each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_organizations::types;
use futures_util::{StreamExt, stream};

use super::session::{Account, Session};
use super::task::Task;
use crate::manifest::{AccountSource, Manifest, Regions};
use crate::model::types::organizations::ACCOUNT;
use crate::model::{Resource, Unknown, operation};
use crate::slot;
use crate::snapshot::Partition;

/// Accounts that are entered at once. More would only wait for the rate limit of STS.
const ENTERING: usize = 32;

/// An account that is to be read.
#[derive(Debug)]
pub(super) struct Found {
    /// Twelve digits.
    pub id: Arc<str>,
    /// Its name from Organizations, or nothing.
    pub name: String,
    /// The way in, or why there is none.
    pub access: Result<Account, Arc<Unknown>>,
    /// Its Regions, or why they are not known.
    pub regions: Result<Vec<Arc<str>>, Arc<Unknown>>,
    /// What getting in took: a partition of coverage alone.
    pub partition: Partition,
}

/// The accounts to read, before anybody has tried to get in.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// Names by id.
    pub accounts: BTreeMap<Arc<str>, String>,
    /// What AWS Organizations answered, if it was asked.
    pub partition: Option<Partition>,
}

/// Finds the accounts that the manifest means.
///
/// # Errors
/// AWS Organizations does not list the accounts.
pub(super) async fn accounts(session: &Session, manifest: &Manifest) -> Result<Listed, Arc<Unknown>> {
    let from = &manifest.accounts.from;
    let task = session.organizations_task();
    let mut partition = None;
    let mut accounts: BTreeMap<Arc<str>, String> = match from {
        AccountSource::Organizations => BTreeMap::new(),
        AccountSource::List(ids) => ids.iter().map(|id| (Arc::from(id.as_str()), String::new())).collect(),
        AccountSource::Caller => BTreeMap::from([(Arc::clone(session.account()), String::new())]),
    };
    if *from == AccountSource::Organizations {
        let members = members(&task, manifest).await?;
        accounts = members.iter().filter(|member| member.active()).map(Member::id_and_name).collect();
        accounts.retain(|id, _| !manifest.accounts.exclude.iter().any(|excluded| **excluded == **id));
        partition = Some(task.finish(resources(&task, Ok(members), &accounts)));
    } else {
        accounts.retain(|id, _| !manifest.accounts.exclude.iter().any(|excluded| **excluded == **id));
        if task.plan.wants_type(&ACCOUNT) {
            let members = match list_accounts(&task).await {
                Err(why) if why.detail.starts_with("AWSOrganizationsNotInUseException") => {
                    task.skipped(operation::LIST_ACCOUNTS, "the account belongs to no organisation");
                    Ok(Vec::new())
                }
                answer => answer,
            };
            for (id, name) in members.iter().flatten().map(Member::id_and_name) {
                if let Some(known) = accounts.get_mut(&id) {
                    *known = name;
                }
            }
            partition = Some(task.finish(resources(&task, members, &accounts)));
        }
    }
    Ok(Listed { accounts, partition })
}

/// Gets into the accounts and finds their Regions. `caller` is the task that found out who the caller is.
pub(super) async fn enter(session: &Session, caller: Task, listed: Listed, regions: &Regions) -> Vec<Found> {
    let mut caller = Some(caller);
    let mut entering = Vec::with_capacity(listed.accounts.len());
    for (id, name) in listed.accounts {
        let task = match caller.take_if(|task| task.key.account == id) {
            Some(task) => task,
            None => session.access_task(id),
        };
        entering.push(enter_one(session, task, name, regions));
    }
    // The futures are made above and not in a closure, which the compiler could not prove to be `Send`.
    stream::iter(entering).buffered(ENTERING).collect().await
}

async fn enter_one(session: &Session, task: Task, name: String, regions: &Regions) -> Found {
    let access = session.enter(&task).await;
    let regions = match (regions, &access) {
        (Regions::List(regions), _) => Ok(regions.iter().map(|region| Arc::from(region.as_str())).collect()),
        (Regions::Enabled, Ok(account)) => enabled_regions(session, account, &task).await,
        (Regions::Enabled, Err(why)) => Err(Arc::clone(why)),
    };
    Found { id: Arc::clone(&task.key.account), name, access, regions, partition: task.finish(Vec::new()) }
}

/// The Regions that are enabled in an account.
async fn enabled_regions(session: &Session, account: &Account, task: &Task) -> Result<Vec<Arc<str>>, Arc<Unknown>> {
    let ec2 = Session::clients(account, session.region(), Arc::clone(task.clients.meter())).ec2();
    let answer = task.call(operation::DESCRIBE_REGIONS, ec2.describe_regions().all_regions(false).send()).await?;
    let mut regions: Vec<Arc<str>> =
        answer.regions().iter().filter_map(|region| region.region_name()).map(Arc::from).collect();
    regions.sort_unstable();
    Ok(regions)
}

/// An account as AWS Organizations lists it.
#[derive(Debug)]
struct Member {
    id: String,
    arn: String,
    name: String,
    state: Option<String>,
}

impl Member {
    fn active(&self) -> bool {
        self.state.as_deref() == Some("ACTIVE")
    }

    fn id_and_name(&self) -> (Arc<str>, String) {
        (Arc::from(self.id.as_str()), self.name.clone())
    }
}

impl From<types::Account> for Member {
    fn from(account: types::Account) -> Self {
        // AWS announced that `Status` goes away in favour of `State`, which older endpoints do not answer.
        let state = account
            .state()
            .map(|state| state.as_str().to_owned())
            .or_else(|| account.status().map(|status| status.as_str().to_owned()));
        Self {
            id: account.id.unwrap_or_default(),
            arn: account.arn.unwrap_or_default(),
            name: account.name.unwrap_or_default(),
            state,
        }
    }
}

/// The accounts of the organisation within the organisational units of the manifest.
async fn members(task: &Task, manifest: &Manifest) -> Result<Vec<Member>, Arc<Unknown>> {
    let excluded: BTreeSet<&str> = manifest.accounts.exclude_ous.iter().map(String::as_str).collect();
    let include = &manifest.accounts.include_ous;
    if !include.is_empty() {
        return Ok(below(task, include.clone(), &excluded).await?.into_values().collect());
    }
    let mut members = list_accounts(task).await?;
    if !excluded.is_empty() {
        let exclude = excluded.iter().map(|&unit| unit.to_owned()).collect();
        let outside = below(task, exclude, &BTreeSet::new()).await?;
        members.retain(|member| !outside.contains_key(&member.id));
    }
    Ok(members)
}

async fn list_accounts(task: &Task) -> Result<Vec<Member>, Arc<Unknown>> {
    let organizations = task.clients.organizations();
    let mut members = Vec::new();
    let mut token = None;
    loop {
        let page = organizations.list_accounts().set_next_token(token).send();
        let page = task.call(operation::LIST_ACCOUNTS, page).await?;
        members.extend(page.accounts.unwrap_or_default().into_iter().map(Member::from));
        token = page.next_token;
        if token.is_none() {
            return Ok(members);
        }
    }
}

/// The accounts in these organisational units and below, without going into the skipped ones.
async fn below(
    task: &Task,
    mut units: Vec<String>,
    skip: &BTreeSet<&str>,
) -> Result<BTreeMap<String, Member>, Arc<Unknown>> {
    let organizations = task.clients.organizations();
    let mut members = BTreeMap::new();
    let mut seen = BTreeSet::new();
    while let Some(unit) = units.pop() {
        if skip.contains(unit.as_str()) || !seen.insert(unit.clone()) {
            continue;
        }
        let mut token = None;
        loop {
            let page = organizations.list_accounts_for_parent().parent_id(&unit).set_next_token(token).send();
            let page = task.call(operation::LIST_ACCOUNTS_FOR_PARENT, page).await?;
            for member in page.accounts.unwrap_or_default().into_iter().map(Member::from) {
                members.insert(member.id.clone(), member);
            }
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        loop {
            let page = organizations.list_organizational_units_for_parent().parent_id(&unit).set_next_token(token);
            let page = task.call(operation::LIST_ORGANIZATIONAL_UNITS_FOR_PARENT, page.send()).await?;
            units.extend(page.organizational_units.unwrap_or_default().into_iter().filter_map(|unit| unit.id));
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
    }
    Ok(members)
}

/// The accounts of the scan as resources, if any rule wants them.
fn resources(
    task: &Task,
    members: Result<Vec<Member>, Arc<Unknown>>,
    scanned: &BTreeMap<Arc<str>, String>,
) -> Vec<Resource> {
    if !task.plan.wants_type(&ACCOUNT) {
        return Vec::new();
    }
    let members = match members {
        Ok(members) => members,
        Err(why) => return vec![task.unlisted(&ACCOUNT, &why)],
    };
    members
        .into_iter()
        .filter(|member| scanned.contains_key(member.id.as_str()))
        .map(|member| {
            let mut resource = task.resource(&ACCOUNT, &member.id);
            resource.arn = member.arn.into();
            resource.name = member.name.as_str().into();
            resource.set(slot!(ACCOUNT, "account_name"), member.name);
            resource.set(slot!(ACCOUNT, "status"), member.state);
            resource
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::collect::aws::testing::{Server, task};

    #[tokio::test]
    async fn all_pages_of_the_accounts_are_read_and_either_field_says_that_one_is_active() {
        let server = Server::answering(&[
            (200, r#"{"Accounts":[{"Id":"1","Status":"ACTIVE"},{"Id":"2","State":"SUSPENDED"}],"NextToken":"a"}"#),
            (200, r#"{"NextToken":"b"}"#),
            (200, r#"{"Accounts":[{"Id":"3","State":"ACTIVE"},{"Id":"4"}]}"#),
        ]);
        let task = task(&server.url, "organizations", Arc::default(), Duration::from_mins(1));
        let members = list_accounts(&task).await.unwrap();
        let active: Vec<&str> = members.iter().filter(|member| member.active()).map(|member| &*member.id).collect();
        assert_eq!(members.len(), 4);
        assert_eq!(active, ["1", "3"]);
        assert_eq!(task.finish(Vec::new()).coverage[0].calls, 3);
    }

    #[tokio::test]
    async fn units_are_read_to_the_bottom_but_for_the_skipped_ones() {
        let server = Server::answering(&[
            (200, r#"{"Accounts":[{"Id":"1"}],"NextToken":"a"}"#),
            (200, r#"{"Accounts":[{"Id":"2"}]}"#),
            (200, r#"{"OrganizationalUnits":[{"Id":"ou-skipped"}],"NextToken":"a"}"#),
            (200, r#"{"OrganizationalUnits":[{"Id":"ou-below"},{"Id":"ou-top"}]}"#),
            (200, r#"{"Accounts":[{"Id":"3"}]}"#),
            (200, "{}"),
        ]);
        let task = task(&server.url, "organizations", Arc::default(), Duration::from_mins(1));
        let members = below(&task, vec!["ou-top".to_owned()], &BTreeSet::from(["ou-skipped"])).await.unwrap();
        assert_eq!(members.keys().collect::<Vec<_>>(), ["1", "2", "3"]);
        assert_eq!(server.connections(), 6);
    }
}
