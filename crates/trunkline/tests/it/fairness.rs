//! Lines are shared between organizations by turns, however many leads one of them has.

use crate::support::{Campaign, World, phones};
use jiff::SignedDuration;

#[tokio::test]
async fn a_client_with_few_leads_is_not_kept_waiting_by_one_with_many() {
    let world = World::new().await;
    world.set_lines(12).await;
    let many = world.client_with("Many", |new| new.limits.lines_max = 100).await;
    let few = world.client_with("Few", |new| new.limits.lines_max = 100).await;
    let campaign = |count| Campaign { lines_max: 100, ..Campaign::over(&phones(count)) };
    world.campaign_of(&many, campaign(70)).await;
    world.campaign_of(&few, campaign(8)).await;

    world.dial().await;

    let shares = "select count(*) from attempts a join organizations o on o.id = a.organization_id
                  where a.state = 'accepted' group by o.slug order by o.slug";
    let shares: Vec<i32> = world.sql(shares).await.iter().map(|count| count.parse().unwrap()).collect();
    assert_eq!(shares.iter().sum::<i32>(), 12);
    assert!(shares.iter().all(|share| *share >= 4), "few and many got {shares:?} of 12 lines");
    world.check_books().await;
}

#[tokio::test]
async fn lines_that_come_free_go_to_whoever_waited_longest() {
    let world = World::new().await;
    world.set_lines(3).await;
    let many = world.client("Many").await;
    let few = world.client("Few").await;
    let people = phones(80);
    for phone in &people {
        let answered = vapi_sim::Outcome::Answered { scene: None, talk_seconds: Some(40.0) };
        world.provider.script_phone(phone, vec![answered]);
    }
    world.campaign(&many, &people[..70]).await;
    world.run_for(SignedDuration::from_mins(2)).await;
    world.campaign(&few, &people[70..]).await;

    world.run_for(SignedDuration::from_mins(10)).await;

    let rings = world.provider.rings();
    let of_few = |phone: &str| people[70..].contains(&phone);
    let first = rings.iter().position(|ring| of_few(&ring.phone)).unwrap();
    let last = rings.iter().rposition(|ring| of_few(&ring.phone)).unwrap();
    // Ten of the few among as many of the many: the lines alternate, however many leads wait.
    assert_eq!(rings[first..=last].iter().filter(|ring| of_few(&ring.phone)).count(), 10);
    assert!(last - first < 24, "the few were called within {} rings", last - first + 1);
    world.check_books().await;
}

/// One claim takes the turns of both; then each is tried alone.
#[tokio::test]
async fn the_trouble_of_one_organization_is_not_the_others() {
    let world = World::new().await;
    let broken = world.client("Broken").await;
    let sound = world.client("Sound").await;
    let people = phones(4);
    world.campaign(&broken, &people[..2]).await;
    world.campaign(&sound, &people[2..]).await;
    world.sql(&format!("alter table organization_days add check (organization_id <> '{}')", broken.id)).await;

    world.dial().await;

    let called = world.sql("select distinct organization_id from attempts where reserved_at is not null").await;
    assert_eq!(called, [sound.id.to_string()]);
}

/// Twelve lines, of which both would take all.
#[tokio::test]
async fn lines_are_shared_by_the_weights_of_organizations() {
    let world = World::new().await;
    world.set_lines(12).await;
    let heavy = world.client_with("Heavy", |new| new.limits.lines_max = 100).await;
    let light = world.client_with("Light", |new| new.limits.lines_max = 100).await;
    world.sql(&format!("update organization_dispatch set weight = 3 where organization_id = '{}'", heavy.id)).await;
    let people = phones(200);
    for phone in &people {
        let answered = vapi_sim::Outcome::Answered { scene: None, talk_seconds: Some(40.0) };
        world.provider.script_phone(phone, vec![answered]);
    }
    let campaign = |phones: &[&'static str]| Campaign { lines_max: 100, ..Campaign::over(phones) };
    world.campaign_of(&heavy, campaign(&people[..120])).await;
    world.campaign_of(&light, campaign(&people[120..])).await;

    world.run_for(SignedDuration::from_mins(10)).await;

    let rings = world.rang();
    let of_heavy = u32::try_from(rings.iter().filter(|phone| people[..120].contains(&phone.as_str())).count()).unwrap();
    let share = f64::from(of_heavy) / f64::from(u32::try_from(rings.len()).unwrap());
    assert!((share / 0.75 - 1.0).abs() <= 0.05, "{of_heavy} of {} rings are the heavy one's", rings.len());
    world.check_books().await;
}

/// Its leads are due after all of the other's, and there are fewer lines than these would take.
#[tokio::test]
async fn one_with_very_many_due_leads_hardly_delays_anothers_first_call() {
    let alone = time_to_first_call(0).await;

    let in_company = time_to_first_call(300).await;

    assert!(in_company <= alone * 2, "{in_company:#} beside the other, {alone:#} alone");
}

/// From the start of a small campaign to its first ring, beside a campaign of another client with so many leads.
async fn time_to_first_call(leads_of_other: usize) -> SignedDuration {
    let world = World::new().await;
    world.set_lines(20).await;
    let many = world.client_with("Many", |new| new.limits.lines_max = 100).await;
    let few = world.client_with("Few", |new| new.limits.lines_max = 100).await;
    let people = phones(leads_of_other + 5);
    if leads_of_other > 0 {
        let campaign = Campaign { lines_max: 100, ..Campaign::over(&people[5..]) };
        world.campaign_of(&many, campaign).await;
    }
    world.campaign_of(&few, Campaign { lines_max: 100, ..Campaign::over(&people[..5]) }).await;
    let begun = world.now();

    world.run_for(SignedDuration::from_mins(1)).await;

    let rings = world.provider.rings();
    let first = rings.iter().find(|ring| people[..5].contains(&ring.phone.as_str())).expect("it is called");
    first.at.duration_since(begun)
}

#[tokio::test]
async fn requests_of_a_minute_are_shared_by_turns() {
    let world = World::new().await;
    world.sql("update line_pools set lines_max = 100").await;
    world.provider.add_subscription("pool-1", 100);
    world.sql("update provider_accounts set requests_per_minute_max = 9").await;
    let people = phones(120);
    for (nth, chunk) in people.chunks(30).enumerate() {
        let client = world.client(&format!("Client {nth}")).await;
        world.campaign(&client, chunk).await;
    }

    world.run_for(SignedDuration::from_mins(8)).await;

    let sent = world.sql("select count(*) from attempts where sending_at is not null group by organization_id").await;
    let sent: Vec<i32> = sent.iter().map(|count| count.parse().unwrap()).collect();
    assert_eq!(sent.len(), 4, "{sent:?}");
    assert!(sent.iter().max().unwrap() - sent.iter().min().unwrap() <= 8, "{sent:?}");
    world.check_books().await;
}

#[tokio::test]
async fn campaigns_of_one_organization_take_turns_at_its_only_line() {
    let world = World::new().await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 1).await;
    let all = phones(12);
    for phone in &all {
        let answered = vapi_sim::Outcome::Answered { scene: None, talk_seconds: Some(40.0) };
        world.provider.script_phone(phone, vec![answered]);
    }
    let older = world.campaign(&acme, &all[..8]).await;
    let newer = world.campaign(&acme, &all[8..]).await;

    world.run_for(SignedDuration::from_mins(10)).await;

    let first_four = "select campaign_id from attempts where reserved_at is not null order by reserved_at limit 4";
    let served = world.sql(first_four).await;
    let of = |campaign: &dyn std::fmt::Display| served.iter().filter(|id| **id == campaign.to_string()).count();
    assert_eq!((of(&older), of(&newer)), (2, 2));
}

#[tokio::test]
async fn a_campaign_of_low_priority_is_late_but_not_forgotten() {
    let world = World::new().await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 1).await;
    let people = phones(83);
    for phone in &people {
        let answered = vapi_sim::Outcome::Answered { scene: None, talk_seconds: Some(40.0) };
        world.provider.script_phone(phone, vec![answered]);
    }
    let (urgent, patient) = people.split_at(80);
    world.campaign(&acme, urgent).await;
    world.sql("update campaigns set priority = 10").await;
    let late = world.campaign(&acme, patient).await;
    world.sql(&format!("update campaigns set priority = 40 where id = '{late}'")).await;
    let start = world.now();

    world.run_for(SignedDuration::from_mins(45)).await;

    let rings = world.provider.rings();
    let of_patient: Vec<_> = rings.iter().filter(|ring| patient.contains(&ring.phone.as_str())).collect();
    assert_eq!(of_patient.len(), 1, "one of {} rings", rings.len());
    // Thirty points behind: after thirty minutes it has caught up.
    let waited = of_patient[0].at.duration_since(start).as_mins();
    assert!((29..36).contains(&waited), "after {waited} minutes");
    assert!(rings.len() > 20);
    world.check_books().await;
}
