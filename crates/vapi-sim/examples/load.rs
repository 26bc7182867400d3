//! How much the simulator carries on one thread: `cargo run --release -p vapi-sim --example load -- [calls per second]`.
//!
//! The simulator has a thread of its own, so that its share of a core can be read; caller and webhook server
//! run on others. The clock runs fast, so that calls end while the load lasts.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use vapi_sim::{Account, Knobs, Simulator, SimulatorConfig};

const SECONDS: u64 = 15;
/// Simulated seconds to one real second.
const SPEED: u32 = 40;
const CALLS_PER_SECOND_DEFAULT: u64 = 500;
const LINES_MAX: u32 = 1_000_000;
const KEY: &str = "key";
const ORG: &str = "org";

fn main() -> std::io::Result<()> {
    let rate = std::env::args().nth(1).and_then(|rate| rate.parse().ok()).unwrap_or(CALLS_PER_SECOND_DEFAULT);
    let received = Arc::new(AtomicU64::new(0));
    let others = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let hook = others.block_on(serve(Arc::clone(&received)))?;
    let (ready, simulator) = oneshot::channel();
    let thread = std::thread::Builder::new().name("simulator".to_owned());
    thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime starts").block_on(simulate(hook, ready));
    })?;
    let (simulator, ids) = others.block_on(simulator).expect("the simulator starts");
    let begun = Instant::now();
    others.block_on(call(simulator.base_url(), &ids, rate))?;
    let seconds = begun.elapsed().as_secs_f64();
    let created = simulator.totals().created;
    let cpu = simulator_cpu_seconds();
    let hooks = received.load(Ordering::Relaxed);
    let per_second = |count: u64| u32::try_from(count).map_or(0.0, f64::from) / seconds;
    writeln!(
        std::io::stdout(),
        "{:.0} calls/s, {:.0} webhooks/s, {:.0} % of a core",
        per_second(created),
        per_second(hooks),
        100.0 * cpu.unwrap_or_default() / seconds,
    )
}

async fn simulate(hook: String, ready: oneshot::Sender<(Arc<Simulator>, [String; 2])>) {
    let (started, begin) = (Instant::now(), Timestamp::from_second(1_772_463_600).expect("a day in 2026"));
    let fast = move || begin + SignedDuration::try_from(started.elapsed() * SPEED).expect("a short run");
    let config = SimulatorConfig { auto_run: true, knobs: Knobs::default(), ..SimulatorConfig::new(Arc::new(fast)) };
    let simulator = Arc::new(Simulator::start(config).await.expect("a free port"));
    simulator.add_subscription("pool", LINES_MAX);
    let (key, org_id) = (KEY.to_owned(), ORG.to_owned());
    let subscription = "pool".to_owned();
    simulator.add_account(Account { key, public_key: String::new(), org_id, subscription });
    let assistant = json!({
        "name": "Booking", "firstMessage": "Hi {{customer.name}}.", "voicemailDetection": { "provider": "vapi" },
        "server": { "url": hook, "secret": "s" },
        "serverMessages": ["status-update", "end-of-call-report", "tool-calls"],
        "model": { "messages": [{ "role": "system", "content": "You book appointments. ".repeat(80) }] },
    });
    let number = json!({ "provider": "twilio", "number": "+14155550000" });
    let ids = [simulator.add_assistant(ORG, assistant), simulator.add_phone_number(ORG, number)];
    assert!(ready.send((Arc::clone(&simulator), ids)).is_ok(), "the caller waits");
    std::future::pending::<()>().await;
}

async fn serve(received: Arc<AtomicU64>) -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/hook", listener.local_addr()?);
    let count = async |State(received): State<Arc<AtomicU64>>, _: Bytes| {
        received.fetch_add(1, Ordering::Relaxed);
        "{}"
    };
    let router = Router::new().fallback(count).with_state(received);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

/// Places `rate` calls a second for a while, each in a task of its own.
async fn call(base_url: &str, [assistant, number]: &[String; 2], rate: u64) -> std::io::Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().user_agent("load").tls_certs_only([]).no_proxy().build();
    let client = client.map_err(std::io::Error::other)?;
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / rate));
    for index in 0..rate * SECONDS {
        ticks.tick().await;
        let order: Value = json!({
            "assistantId": assistant, "phoneNumberId": number, "metadata": { "attempt": index },
            "customer": { "number": format!("+1415{:07}", 2_000_000 + index), "name": "Maria Alvarez" },
        });
        let request = client.post(format!("{base_url}/call")).bearer_auth(KEY).json(&order);
        tokio::spawn(async move {
            if let Err(error) = request.send().await {
                let _ = writeln!(std::io::stderr(), "{error}");
            }
        });
    }
    Ok(())
}

/// Processor time of the thread named `simulator`, from Linux's /proc; `None` elsewhere.
fn simulator_cpu_seconds() -> Option<f64> {
    /// Clock ticks a second in /proc, the same on every Linux.
    const TICKS: f64 = 100.0;
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let stats = tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("stat")).ok());
    let stat = stats.into_iter().find(|stat| stat.contains("(simulator)"))?;
    let fields: Vec<f64> =
        stat.rsplit(')').next()?.split_whitespace().map(|field| field.parse().unwrap_or(0.0)).collect();
    Some((fields.get(11)? + fields.get(12)?) / TICKS)
}
