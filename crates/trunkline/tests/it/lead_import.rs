//! A spreadsheet's file, by the page and by the command line: what is good is kept, what is not is said.

use crate::support::{Answer, Client, Person, World};
use reqwest::StatusCode;
use trunkline::commands::import::{ImportLeads, leads};

const GOOD_AND_BAD: &str = "\
Name,Phone,City,Time zone
Maya Lindqvist,(212) 555-0146,Albany,Eastern
Owen Park,212 555 01,Troy,
Ida Berg,+1 212 555 0148,Utica,Mars/Olympus
Lena Roth,,Rome,
Jon Vale,2125550149,Ithaca,
";

async fn import(world: &World, person: &Person, client: &Client, file: &str) -> Answer {
    let path = format!("/o/{}/leads/import", client.slug);
    world.upload(person, &path, &[], ("recall.csv", file)).await
}

#[tokio::test]
async fn good_rows_are_kept_and_bad_ones_are_listed_with_line_column_and_reason() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;

    let done = import(&world, &manager, &acme, GOOD_AND_BAD).await;

    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(world.sql("select phone from leads order by phone").await, ["+12125550146", "+12125550149"]);
    assert_eq!(
        world.sql("select concat_ws(' ', line, column_name, value) from lead_import_problems order by line").await,
        ["3 Phone 212 555 01", "4 Time zone Mars/Olympus", "5 Phone "]
    );
    assert_eq!(
        world.sql("select concat_ws(' ', rows, created, updated, duplicates, problems) from lead_imports").await,
        ["5 2 0 0 3"]
    );
    let result = world.get(&manager, &done.location.unwrap()).await;
    assert_eq!(result.status, StatusCode::OK);
    for told in ["Mars/Olympus", "phone is too short", "phone is empty", "recall.csv", "America/New_York"] {
        assert!(result.body.contains(told), "{told}");
    }
}

#[tokio::test]
async fn the_result_leads_to_a_campaign_over_these_leads() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    let result = import(&world, &manager, &acme, GOOD_AND_BAD).await.location.unwrap();
    let id = result.rsplit('/').next().unwrap();
    let address = format!("/o/acme/campaigns/new?leads={id}");

    let form = world.get(&manager, &address).await.body;

    assert!(world.get(&manager, &result).await.body.contains(&format!("href=\"{address}\"")));
    let chosen = form.split('<').find(|tag| tag.starts_with("option") && tag.contains("selected")).unwrap();
    assert!(chosen.contains(id), "{chosen}");
}

#[tokio::test]
async fn the_rows_that_were_left_out_can_be_downloaded() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    let done = import(&world, &manager, &acme, "Phone,Note\n+1 999,\"=1+1, or so\"\n212 555 0146,\n").await;

    let file = world.get(&manager, &format!("{}/problems.csv", done.location.unwrap())).await;

    let rows: Vec<_> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(rows[0], "line,column,value,reason");
    assert!(rows[1].starts_with("2,Phone,'+1 999,"), "{}", rows[1]);
    assert_eq!(rows.len(), 2);
}

#[tokio::test]
async fn a_phone_in_another_spelling_is_the_same_lead_and_gets_what_is_new() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    import(&world, &manager, &acme, "Name,Phone,City,Plan\nMaya,(212) 555-0146,Albany,A\nOwen,2125550147,Troy,B\n")
        .await;

    let second = "Phone,City,Name\n+1 212 555 0146,Rome,\n1-212-555-0146,Utica,Twice\n2125550147,Troy,Owen\n";
    import(&world, &manager, &acme, second).await;

    let counts = "select concat_ws(' ', rows, created, updated, duplicates, problems) from lead_imports order by id";
    assert_eq!(world.sql(counts).await, ["2 2 0 0 0", "3 0 1 2 0"]);
    assert_eq!(
        world.sql("select name || ' ' || (variables ->> 'city') || ' ' || (variables ->> 'plan') from leads order by phone").await,
        ["Maya Rome A", "Owen Troy B"]
    );
}

#[tokio::test]
async fn the_same_file_again_is_told_before_anything_is_done() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    import(&world, &manager, &acme, GOOD_AND_BAD).await;

    let told = import(&world, &manager, &acme, GOOD_AND_BAD).await;

    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains("This same file was imported on 4 March 2026"), "{}", told.body);
    assert_eq!(world.sql("select count(*) from lead_imports").await, ["1"]);

    let path = format!("/o/{}/leads/import", acme.slug);
    let done = world.upload(&manager, &path, &[("again", "recall.csv")], ("recall.csv", GOOD_AND_BAD)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(world.sql("select count(*) from lead_imports").await, ["2"]);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_one_import() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    let path = format!("/o/{}/leads/import", acme.slug);
    let fields = [("form_key", "0193d4a0-0000-7000-8000-000000000001")];

    let send = || world.upload(&manager, &path, &fields, ("recall.csv", GOOD_AND_BAD));
    let (first, second) = tokio::join!(send(), send());

    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(first.location, second.location);
    assert_eq!(world.sql("select count(*) from lead_imports").await, ["1"]);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_in_a_sentence() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;

    let refused = import(&world, &manager, &acme, "name,city\nMaya,Albany\n").await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("No column holds phone numbers; the columns are: name, city."), "{}", refused.body);
    assert_eq!(world.sql("select count(*) from lead_imports").await, ["0"]);
}

#[tokio::test]
async fn who_may_only_look_imports_nothing() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let viewer = world.viewer(&acme).await;

    let refused = import(&world, &viewer, &acme, GOOD_AND_BAD).await;

    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(world.sql("select count(*) from leads").await, ["0"]);
}

/// What the command writes, and whether it succeeds.
async fn run(world: &World, client: &Client, file: &str, campaign: Option<&str>) -> (String, bool) {
    let dir = tempdir(world);
    let path = dir.join("recall.csv");
    std::fs::write(&path, file).unwrap();
    let args = ImportLeads {
        file: path,
        organization: client.slug.clone(),
        campaign: campaign.map(|id| id.parse().unwrap()),
        again: false,
    };
    let mut out = Vec::new();
    let found_good = leads(&args, &world.node.db, world.now(), &mut out).await.unwrap();
    std::fs::remove_dir_all(dir).unwrap();
    (String::from_utf8(out).unwrap(), found_good)
}

fn tempdir(world: &World) -> std::path::PathBuf {
    let port = world.base_url.rsplit(':').next().unwrap();
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("import-{}-{port}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

#[tokio::test]
async fn the_command_line_imports_the_same_and_lists_bad_rows() {
    let world = World::new().await;
    let acme = world.client("Acme").await;

    let (out, found_good) = run(&world, &acme, GOOD_AND_BAD, None).await;

    assert!(found_good);
    insta::assert_snapshot!(out, @r#"
    recall.csv: 5 rows
            2  new leads
            0  leads updated
            0  known already, or twice in the file
            3  left out

       LINE  COLUMN     VALUE         REASON
          3  Phone      212 555 01    phone is too short: 212 555 01 has 8 digits, 10 are needed
          4  Time zone  Mars/Olympus  "Mars/Olympus" is no time zone; write it like America/New_York
          5  Phone                    phone is empty
    "#);
}

#[tokio::test]
async fn the_command_tells_when_no_row_is_good() {
    let world = World::new().await;
    let acme = world.client("Acme").await;

    let (_, found_good) = run(&world, &acme, "phone\n12\n13\n", None).await;

    assert!(!found_good);
}

#[tokio::test]
async fn imported_leads_are_called_by_the_campaign_that_takes_them() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let campaign = world.campaign(&acme, &[]).await.to_string();

    let (out, _) = run(&world, &acme, GOOD_AND_BAD, Some(&campaign)).await;
    world.finish_calls().await;

    assert!(out.ends_with("2 leads enrolled in the campaign\n"), "{out}");
    let mut rang = world.rang();
    rang.sort_unstable();
    assert_eq!(rang, ["+12125550146", "+12125550149"]);
}
