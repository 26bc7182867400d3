//! The walls between organizations, tried from the side of the program: what its role, its transactions and its webhooks
//! can reach. What holds for tables that do not exist yet is in `catalog.rs`.

mod agency;
mod connections;
mod roles;
mod rows;
mod turns;
mod webhooks;

use crate::support::{Client, World};
use secrecy::SecretString;
use tokio_postgres::error::SqlState;
use trunkline::domain::ids::{LeadImportId, ProviderAccountId};
use trunkline::domain::inbound_policy::InboundPlan;
use trunkline::lead_imports::{self, FileToImport, Imported};
use trunkline::provision;
use trunkline::store::audit::{self, Entry};
use trunkline::store::call_notes::{self, NewNote};
use trunkline::store::dnc::{self, DncSource};
use trunkline::store::organization_turns::DueTurn;
use trunkline::store::tools::{self, Tool};
use trunkline::store::transfer_destinations::{self, TransferDestination};
use trunkline::store::{TenantTx, inbound_plans, knowledge, phone_holds};
use vapi_sim::Outcome;

/// A lead of both organizations.
const MAYA: &str = "+12125550146";
const STRANGERS_SECRET: &str = "whsec-of-the-stranger";

/// Two organizations with at least one row each in every table, who call the same person.
struct Neighbors {
    world: World,
    acme: Client,
    rival: Client,
    /// A provider account that neither uses; its webhooks bear [`STRANGERS_SECRET`].
    stranger: ProviderAccountId,
}

/// Its turn, as a claim is told of it.
fn due(client: &Client) -> DueTurn {
    DueTurn { organization: client.id, begins_at: 0 }
}

/// A table with rows of organizations, and the column that says whose they are.
struct Table {
    name: String,
    owner: &'static str,
}

impl Neighbors {
    async fn new() -> Self {
        let world = World::new().await;
        // Before the first webhook arrives, for the secrets are not read again at once.
        let stranger = stranger(&world).await;
        let answered = || Outcome::Answered { scene: None, talk_seconds: Some(30.0) };
        world.provider.script_phone(MAYA, vec![answered(), answered()]);
        let acme = world.client("Acme").await;
        let rival = world.client("Rival").await;
        for client in [&acme, &rival] {
            world.campaign(client, &[MAYA]).await;
            import(&world, client).await;
            world.manager(client).await;
            let tx = world.node.db.tenant(client.id).await.unwrap();
            dnc::add(&tx, "+12125550199", ("asked to be left alone", DncSource::Person), world.now()).await.unwrap();
            let detail = serde_json::json!({});
            let entry = Entry { by: None, action: "dnc.added", subject: "+12125550199".to_owned(), detail };
            audit::add(&tx, &entry, world.now()).await.unwrap();
            phone_holds::hold(&tx, (client.id, "+12125550198"), world.now(), "it rang twice", world.now())
                .await
                .unwrap();
            set_up_answers(&world, &tx).await;
            tx.commit().await.unwrap();
        }
        world.sql("insert into line_guarantees select o.id, p.id, 0 from organizations o, line_pools p").await;
        world.finish_calls().await;
        Self { world, acme, rival, stranger }
    }

    async fn tables(&self) -> Vec<Table> {
        tables(&self.world).await
    }

    /// Runs a statement as the program with the organization set, and takes it back. Gives the rows it wrote, or why not.
    async fn try_as(&self, client: &Client, statement: &str) -> Result<u64, (SqlState, String)> {
        let session = self.world.database.app_session().await;
        let set = format!("begin; select set_config('trunkline.organization_id', '{}', true)", client.id);
        session.batch_execute(&set).await.unwrap();
        session.execute(statement, &[]).await.map_err(|error| why(&error))
    }

    async fn count(&self, table: &Table, client: &Client) -> i64 {
        let Table { name, owner } = table;
        let count = self.world.sql(&format!("select count(*) from {name} where {owner} = '{}'", client.id)).await;
        count[0].parse().unwrap()
    }
}

async fn stranger(world: &World) -> ProviderAccountId {
    let account = provision::Account {
        name: "vapi-of-a-stranger",
        pool: "of a stranger",
        lines_max: 10,
        base_url: world.provider.base_url(),
        key: &SecretString::from("sim-key-of-a-stranger"),
        requests_per_minute_max: 80,
    };
    let id = provision::account(&world.node.db, &world.vault, &account, world.now()).await.unwrap();
    let secret = SecretString::from(STRANGERS_SECRET);
    provision::add_webhook_secret(&world.node.db, &world.vault, id, &secret, world.now()).await.unwrap();
    id
}

/// Whatever live calls are answered from.
async fn set_up_answers(world: &World, tx: &TenantTx) {
    let (now, number) = (world.now(), "+12125550100".to_owned());
    inbound_plans::put(tx, None, &InboundPlan::default(), now).await.unwrap();
    let desk = TransferDestination { name: "Front desk".to_owned(), number, message: None };
    transfer_destinations::put(tx, &desk, now).await.unwrap();
    let tool = Tool {
        name: "find_slot".to_owned(),
        url: "https://tools.example.com".to_owned(),
        sealed_secret: vec![0],
        timeout_ms: 1000,
    };
    tools::put(tx, &tool, now).await.unwrap();
    knowledge::put(tx, "Hours", &["We open at nine.".to_owned()], now).await.unwrap();
    let note = NewNote { account: world.account, provider_call_id: "c1", tool_call_id: "t1", lead: None, text: "Hi." };
    call_notes::add(tx, &note, now).await.unwrap();
}

/// A file with a good row and one that cannot be read.
async fn import(world: &World, client: &Client) {
    let bytes = bytes::Bytes::from_static(b"phone,name\n+12125550150,Nora\nnobody,Olaf\n");
    let file =
        FileToImport { id: LeadImportId::new(), name: "leads.csv".to_owned(), bytes, even_if_same: false, by: None };
    let imported = lead_imports::import(&world.node.db, client.id, file, world.now()).await.unwrap();
    assert!(matches!(imported, Imported::Done(done) if done.counts.created == 1 && done.counts.problems == 1));
}

/// All tables with rows of organizations, from the catalog: one that is new is tried without being named here.
async fn tables(world: &World) -> Vec<Table> {
    let names = world.sql(TENANT_TABLES).await;
    let owned = names.into_iter().map(|name| Table { name, owner: "organization_id" });
    let tables: Vec<Table> = owned.chain([Table { name: "organizations".to_owned(), owner: "id" }]).collect();
    assert!(tables.len() > 20, "only {} tenant tables were found", tables.len());
    tables
}

const TENANT_TABLES: &str = "
    select c.relname from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    order by c.relname";

fn why(error: &tokio_postgres::Error) -> (SqlState, String) {
    let error = error.as_db_error().unwrap_or_else(|| panic!("the session broke: {error}"));
    (error.code().clone(), error.message().to_owned())
}

/// Statements of the program live as long as it does; a test makes its own as it goes.
fn statement(text: String) -> &'static str {
    text.leak()
}
