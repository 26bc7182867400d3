//! Where a lead is, and which days are none to call on: told with their sources.

use super::{Asking, lead};
use crate::support::{Campaign, World};
use reqwest::StatusCode;

const MAYA: &str = "+12125550146";

impl Asking {
    /// Leads by a file, as the agency imports it.
    async fn import(&self, file: &str) {
        let done = self.world.upload(&self.sam, "/o/acme/leads/import", &[], ("leads.csv", file)).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    }
}

#[tokio::test]
async fn a_postal_code_tells_the_zone_before_the_phone_does() {
    // 9:30 in New York, 6:30 in San Francisco.
    let ask = Asking::at("2026-03-04T14:30:00Z").await;
    ask.campaign(&[MAYA]).await;

    ask.import("Name,Phone,Zip\nMaya Lindqvist,+12125550146,94103-1000\n").await;

    let why = "Maya Lindqvist (+1 212-555-0146) is not being called: it is 06:30 where the lead is (Los Angeles, from the postal \
               code) and calling hours begin at 09:00. Next: today 09:00 Los Angeles time (12:00 New York time).";
    ask.check(&lead(MAYA), "outside_calling_hours", why).await;
    ask.world.dial().await;
    assert_eq!(ask.world.rang_or_about_to(), 0);
    let id = ask.world.sql("select id from leads").await.remove(0);
    let page = ask.world.get(&ask.sam, &format!("/o/acme/leads/{id}")).await.body;
    assert!(page.contains("Los Angeles"), "{page}");
}

#[tokio::test]
async fn of_several_zones_of_a_postal_code_the_strictest_counts() {
    // 9:30 in Chicago, 8:30 in Denver: Goodland in Kansas may keep either.
    let ask = Asking::at("2026-03-04T15:30:00Z").await;
    ask.campaign(&[MAYA]).await;

    ask.import("Name,Phone,Zip\nMaya Lindqvist,+12125550146,67735\n").await;

    let why = "Maya Lindqvist (+1 212-555-0146) is not being called: it is 08:30 where the lead may be (Denver, from the postal \
               code) and calling hours begin at 09:00. Next: today 10:00 Chicago time (11:00 New York time).";
    ask.check(&lead(MAYA), "outside_calling_hours", why).await;
}

#[tokio::test]
async fn nobody_is_called_on_a_holiday_and_it_is_told_by_its_name() {
    // Noon in New York, on the Friday before a Fourth of July that is a Saturday.
    let ask = Asking::at("2026-07-03T16:00:00Z").await;
    let id = ask.campaign(&[MAYA]).await;
    let page = format!("/o/acme/campaigns/{id}/edit");
    let shown = ask.world.get(&ask.sam, &page).await.body;
    assert!(shown.contains("Federal holidays of the United States"), "{shown}");

    let number = ask.acme.number.to_string();
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| (day, "09:00-20:00"));
    let terms = [
        ("lines_max", "10"),
        ("priority", "100"),
        ("calls_per_lead_and_day_max", "2"),
        ("attempts_max", "4"),
        ("numbers", number.as_str()),
        ("holidays", "US"),
    ];
    let edited = ask.world.post(&ask.sam, &page, &[&terms[..], &days[..]].concat()).await;
    assert_eq!(edited.status, StatusCode::SEE_OTHER, "{}", edited.body);

    ask.world.dial().await;
    assert_eq!(ask.world.rang_or_about_to(), 0);
    let why = "Maya Lindqvist (+1 212-555-0146) is not being called: it is 12:00 where the lead is (New York, from the phone \
               number) and nobody is called on Independence Day (observed). Next: Sunday 5 July 09:00 New York time.";
    ask.check(&lead(MAYA), "outside_calling_hours", why).await;
}

#[tokio::test]
async fn a_holiday_of_the_organization_closes_all_its_campaigns() {
    let world = World::at("2026-11-26T17:00:00Z").await;
    let acme = world
        .client_with("Acme", |new| {
            let hours = new.limits.calling_hours.clone();
            new.limits.calling_hours = hours.with_holidays("US".parse().ok());
        })
        .await;
    world.provider.script_phone(MAYA, vec![vapi_sim::Outcome::answered()]);
    world.campaign_of(&acme, Campaign::over(&[MAYA])).await;

    world.run_for(jiff::SignedDuration::from_mins(10)).await;
    assert_eq!(world.rang_or_about_to(), 0, "it is Thanksgiving Day");
    world.advance(jiff::SignedDuration::from_hours(24));
    world.finish_calls().await;

    assert_eq!(world.rang(), [MAYA]);
    world.check_books().await;
}
