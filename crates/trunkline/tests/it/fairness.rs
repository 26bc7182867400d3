//! Lines are shared between organizations by turns, however many leads one of them has.

use crate::support::{Campaign, World, phones};

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
