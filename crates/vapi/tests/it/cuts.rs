//! A network that is cut while a request is on its way: nothing of it may arrive once it is given up. In network namespaces
//! of their own, so on Linux, for whoever may make one; elsewhere each test says that it was left out.
//!
//! The kernel goes on sending for a process that was killed or stands still. That it does is shown beside each promise, by
//! a plain connection: without it a test would only show that nothing arrives.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use vapi::{AssistantOverrides, Client, ClientConfig, CreateCall, CustomerTarget};

/// What a process of a test does; [`NETWORK`], or the name of a sender.
const ROLE: &str = "TRUNKLINE_CUT_ROLE";
const NETWORK: &str = "network";
const PORT: &str = "TRUNKLINE_CUT_PORT";
/// The longest that a sender waits for its answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);
/// Bytes that are sent during a cut are sent again after 0.2, 0.6, 1.4, 3, 6.2, 12.6 and 25.4 seconds.
const SHORT_CUT: Duration = Duration::from_secs(2);
/// Longer than bytes may stay unacknowledged.
const LONG_CUT: Duration = Duration::from_secs(22);
/// The next time that the kernel sends again is within this.
const ARRIVES_WITHIN: Duration = Duration::from_secs(30);
/// What would arrive after the plain connections have.
const AFTERWARDS: Duration = Duration::from_secs(1);

#[test]
fn a_request_that_was_given_up_or_whose_process_was_killed_in_a_cut_does_not_arrive_after_it() {
    play("a_request_that_was_given_up_or_whose_process_was_killed_in_a_cut_does_not_arrive_after_it", short_cut);
}

#[test]
fn a_request_of_a_process_that_stands_still_dies_in_the_kernel_after_twenty_seconds() {
    play("a_request_of_a_process_that_stands_still_dies_in_the_kernel_after_twenty_seconds", long_cut);
}

/// A test is three programs in one: itself, then the one in the network that it makes, then each sender in there.
fn play(test: &'static str, in_the_network: fn(&Network)) {
    match std::env::var(ROLE).as_deref() {
        Err(_) => in_a_network_of_its_own(test),
        Ok(NETWORK) => in_the_network(&Network::new(test)),
        Ok(sender) => send(sender),
    }
}

fn short_cut(network: &Network) {
    let mut senders = [network.sender("gives-up"), network.sender("killed"), network.sender("plain-killed")];
    network.cut(true);
    let cut_at = Instant::now();
    senders.iter_mut().for_each(Sender::write);
    // By then each has written and waits for its answer; the first goes on until it gives up.
    std::thread::sleep(ANSWER_TIMEOUT / 2);
    senders[1..].iter_mut().for_each(|sender| sender.child.kill().unwrap());
    std::thread::sleep(SHORT_CUT.saturating_sub(cut_at.elapsed()));
    network.cut(false);

    assert_eq!(network.arrived_with("plain-killed"), ["plain-killed"]);
}

fn long_cut(network: &Network) {
    let mut senders = [network.sender("still"), network.sender("plain-still")];
    network.cut(true);
    senders.iter_mut().for_each(Sender::write);
    std::thread::sleep(ANSWER_TIMEOUT / 2);
    senders.iter().for_each(Sender::stop);
    std::thread::sleep(LONG_CUT);
    network.cut(false);

    assert_eq!(network.arrived_with("plain-still"), ["plain-still"]);
}

/// Connects, says so, and writes when it is told to.
fn send(name: &str) {
    let port: u16 = std::env::var(PORT).unwrap().parse().unwrap();
    if name.starts_with("plain") {
        let mut plain = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        wait_for_the_word();
        plain.write_all(format!("POST /{name}/call HTTP/1.1\r\n\r\n").as_bytes()).unwrap();
        return stay();
    }
    let base_url = format!("http://127.0.0.1:{port}/{name}");
    let client = Client::new(ClientConfig { base_url, key: "k".into(), timeout: ANSWER_TIMEOUT }).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let connection = client.connect().await.unwrap();
        wait_for_the_word();
        assert!(connection.create_call(&call(), ANSWER_TIMEOUT).await.is_err(), "nobody answers");
        stay();
    });
}

#[expect(clippy::print_stdout, reason = "so the process that started this one is told")]
fn wait_for_the_word() {
    println!("\nconnected");
    std::io::stdin().lock().read_line(&mut String::new()).unwrap();
}

/// Until it is killed, so that only what it did itself has closed its connection.
fn stay() {
    let _ = std::io::stdin().lock().read_to_end(&mut Vec::new());
}

fn call() -> CreateCall {
    CreateCall {
        assistant_id: "a".into(),
        assistant_overrides: AssistantOverrides::default(),
        phone_number_id: "p".into(),
        customer: CustomerTarget { number: "+15555550101".into(), name: None, external_id: None },
        name: None,
        metadata: None,
        schedule_plan: None,
    }
}

/// This program again, for the same test.
fn this_program(test: &str) -> [String; 4] {
    let program = std::env::current_exe().unwrap().to_str().unwrap().to_owned();
    [program, "--exact".to_owned(), format!("cuts::{test}"), "--nocapture".to_owned()]
}

#[expect(clippy::print_stdout, reason = "whoever runs the tests is told what was left out")]
fn in_a_network_of_its_own(test: &str) {
    let may = |flags: &[&str]| {
        let all = [flags, &["tc", "qdisc", "add", "dev", "lo", "root", "blackhole"]].concat();
        Command::new("unshare").args(all).output().is_ok_and(|output| output.status.success())
    };
    let ways: [&[&str]; 2] = [&["--net"], &["--user", "--map-root-user", "--net"]];
    let Some(way) = ways.into_iter().find(|way| may(way)) else {
        let why = "it needs unshare and tc, and the right to make a network namespace and to cut it";
        println!("left out: {why}");
        return;
    };
    let ended = Command::new("unshare").args(way).args(this_program(test)).env(ROLE, NETWORK).status().unwrap();
    assert!(ended.success(), "{test} failed");
}

/// The loopback device of this network namespace, with a provider that reads and answers nothing.
struct Network {
    test: &'static str,
    port: u16,
    arrived: Arc<Mutex<BTreeSet<String>>>,
}

impl Network {
    fn new(test: &'static str) -> Self {
        run("ip", &["link", "set", "lo", "up"]);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let arrived = Arc::default();
        let arriving = Arc::clone(&arrived);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let arriving = Arc::clone(&arriving);
                std::thread::spawn(move || note_request(&connection.unwrap(), &arriving));
            }
        });
        Self { test, port, arrived }
    }

    fn sender(&self, name: &str) -> Sender {
        let program = this_program(self.test);
        let mut child = Command::new(&program[0])
            .args(&program[1..])
            .envs([(ROLE, name), (PORT, &self.port.to_string())])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("connected")), "{name} did not connect");
        Sender { child, stdin }
    }

    #[expect(clippy::unused_self, reason = "it is this network that is cut")]
    fn cut(&self, is_cut: bool) {
        let blackhole: &[&str] =
            if is_cut { &["add", "dev", "lo", "root", "blackhole"] } else { &["del", "dev", "lo", "root"] };
        run("tc", &[&["qdisc"], blackhole].concat());
    }

    /// What has arrived a while after `expected` has.
    fn arrived_with(&self, expected: &str) -> Vec<String> {
        let end = Instant::now() + ARRIVES_WITHIN;
        let has_arrived = || self.arrived.lock().unwrap().contains(expected);
        while !has_arrived() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(AFTERWARDS);
        self.arrived.lock().unwrap().iter().cloned().collect()
    }
}

/// The name in the path of the request, as soon as its first line is here.
fn note_request(connection: &TcpStream, arrived: &Mutex<BTreeSet<String>>) {
    let mut line = String::new();
    // A connection that is reset has brought nothing.
    if BufReader::new(connection).read_line(&mut line).is_ok_and(|length| length > 0) {
        let name = line.split('/').nth(1).unwrap_or_default().to_owned();
        arrived.lock().unwrap().insert(name);
    }
}

struct Sender {
    child: Child,
    stdin: ChildStdin,
}

impl Sender {
    fn write(&mut self) {
        self.stdin.write_all(b"write\n").unwrap();
    }

    fn stop(&self) {
        run("kill", &["-STOP", &self.child.id().to_string()]);
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(program: &str, arguments: &[&str]) {
    let ended = Command::new(program).args(arguments).status().unwrap();
    assert!(ended.success(), "{program} {arguments:?}");
}
