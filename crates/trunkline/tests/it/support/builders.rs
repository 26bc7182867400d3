//! Organizations and campaigns that are all right in every way; a test changes what matters to it.

use super::world::World;
use jiff::SignedDuration;
use serde_json::json;
use trunkline::domain::calling_hours::CallingHours;
use trunkline::domain::ids::{AgentId, CampaignId, OrganizationId, PhoneNumberId};
use trunkline::domain::phone_number::PhoneNumber;
use trunkline::domain::retry_policy::RetryPlan;
use trunkline::domain::status::CampaignStatus;
use trunkline::store::agents::{self, NewAgent, NewDeployment};
use trunkline::store::campaigns::{self, LeadGroup, NewCampaign, StatusChange};
use trunkline::store::leads::{self, NewLead};
use trunkline::store::organization_turns;
use trunkline::store::organizations::{self, NewOrganization, OrganizationLimits};
use trunkline::store::phone_numbers::{self, NewPhoneNumber};

/// A client organization with one agent and one number.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) id: OrganizationId,
    pub(crate) slug: String,
    pub(crate) agent: AgentId,
    pub(crate) number: PhoneNumberId,
    /// The provider's ids of agent and number.
    pub(crate) assistant_id: String,
    pub(crate) provider_number_id: String,
}

/// A campaign to be made.
#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    pub(crate) name: String,
    pub(crate) phones: Vec<&'static str>,
    pub(crate) hours: CallingHours,
    pub(crate) lines_max: i32,
    pub(crate) retry_plan: RetryPlan,
    pub(crate) is_running: bool,
    /// Beside the client's first one.
    pub(crate) more_numbers: Vec<PhoneNumberId>,
}

impl Campaign {
    /// A running campaign over `phones`, 8:00 to 21:00 on all days.
    pub(crate) fn over(phones: &[&'static str]) -> Self {
        Self {
            name: format!("Recall of {}", phones.len()),
            phones: phones.to_vec(),
            hours: hours("08:00-21:00"),
            lines_max: 10,
            retry_plan: RetryPlan::default(),
            is_running: true,
            more_numbers: Vec::new(),
        }
    }
}

/// Phones in New York that differ.
pub(crate) fn phones(count: usize) -> Vec<&'static str> {
    (0..count).map(|place| &*format!("+1212{}{:04}", 600 + place / 10_000, place % 10_000).leak()).collect()
}

/// The same window on all days.
pub(crate) fn hours(window: &str) -> CallingHours {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let week: serde_json::Map<_, _> = days.iter().map(|day| ((*day).to_owned(), json!([window]))).collect();
    serde_json::from_value(week.into()).unwrap()
}

impl World {
    /// An organization in New York, with an agent that detects voicemail and a number.
    pub(crate) async fn client(&self, name: &str) -> Client {
        self.client_with(name, |_| {}).await
    }

    pub(crate) async fn client_with(&self, name: &str, change: impl FnOnce(&mut NewOrganization)) -> Client {
        let slug = name.to_lowercase().replace(' ', "-");
        let mut new = NewOrganization {
            slug: slug.clone(),
            name: name.to_owned(),
            time_zone: "America/New_York".to_owned(),
            country: "US".to_owned(),
            limits: OrganizationLimits {
                calling_hours: CallingHours::always(),
                calls_per_day_max: 1000,
                calls_per_lead_and_day_max: 2,
                ring_gap_minutes_min: 60,
                lines_max: 10,
            },
            weight: 1,
        };
        change(&mut new);
        let id = OrganizationId::new();
        let (agent, number) = (AgentId::new(), PhoneNumberId::new());
        let voicemail = json!({ "name": name, "voicemailDetection": { "provider": "vapi" } });
        let assistant_id = self.provider.add_assistant("org-1", voicemail);
        let numbers: usize = self.sql("select count(*) from phone_numbers").await[0].parse().unwrap();
        let from = format!("+1212555{:04}", 2000 + numbers);
        let provider_number_id =
            self.provider.add_phone_number("org-1", json!({ "provider": "twilio", "number": from }));
        let tx = self.node.db.tenant(id).await.unwrap();
        let now = self.now();
        organizations::create(&tx, &new, now).await.unwrap();
        let new_agent = NewAgent { id: agent, name: "Ava".to_owned(), lines_max: 10, detects_voicemail: true };
        agents::create(&tx, &[new_agent], now).await.unwrap();
        let deployment = NewDeployment { agent, account: self.account, assistant_id: assistant_id.clone() };
        agents::deploy(&tx, &[deployment], now).await.unwrap();
        let new_number = NewPhoneNumber {
            id: number,
            account: self.account,
            provider_number_id: provider_number_id.clone(),
            number: from,
            label: String::new(),
            calls_per_day_max: 100,
        };
        phone_numbers::create(&tx, &[new_number], now).await.unwrap();
        tx.commit().await.unwrap();
        Client { id, slug, agent, number, assistant_id, provider_number_id }
    }

    /// A running campaign of `client` over `phones`.
    pub(crate) async fn campaign(&self, client: &Client, phones: &[&'static str]) -> CampaignId {
        self.campaign_of(client, Campaign::over(phones)).await
    }

    pub(crate) async fn campaign_of(&self, client: &Client, campaign: Campaign) -> CampaignId {
        let Campaign { name, phones, hours, lines_max, retry_plan, is_running, more_numbers } = campaign;
        let id = CampaignId::new();
        let now = self.now();
        let tx = self.node.db.tenant(client.id).await.unwrap();
        let lead = |phone: &&str| NewLead {
            phone: PhoneNumber::from_e164(phone).unwrap(),
            name: "Maya Lindqvist".to_owned(),
            time_zone: None,
            postal_code: None,
            external_id: None,
            variables: json!({}),
        };
        leads::upsert_many(&tx, None, &phones.iter().map(lead).collect::<Vec<_>>(), now).await.unwrap();
        let new = NewCampaign {
            id,
            name,
            agent: client.agent,
            priority: 100,
            calling_hours: hours,
            retry_plan,
            calls_per_lead_and_day_max: 2,
            lines_max,
            numbers: [vec![client.number], more_numbers].concat(),
            created_by: None,
        };
        campaigns::create(&tx, &new, now).await.unwrap();
        let phones = phones.iter().map(|phone| (*phone).to_owned()).collect::<Vec<_>>();
        let rows = tx.all(LEADS_OF_PHONES, &[&phones]).await.unwrap();
        let leads = LeadGroup::These(rows.iter().map(|row| row.get(0)).collect());
        campaigns::enroll(&tx, id, &leads, now).await.unwrap();
        if is_running {
            let start = StatusChange { to: CampaignStatus::Running, reason: None, by: None, starts_at: None };
            campaigns::set_status(&tx, id, start, now).await.unwrap();
            organization_turns::wake(&tx, now).await.unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    /// Lets a call that was placed come to its end, with all its webhooks.
    pub(crate) async fn finish_calls(&self) {
        self.run_for(SignedDuration::from_mins(5)).await;
    }
}

const LEADS_OF_PHONES: &str = "select id from leads where phone = any ($1)";
