//! Drills of the embedded PostgreSQL: processes are killed without warning, and what is true afterwards is looked
//! at from outside, through the built program.
//!
//! The one place in the tests that waits by the clock of the machine ([`ground::wait_until`]): it waits for processes.

mod ground;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{geteuid, getpgid};

use ground::{Ground, Served, User, home_of, is_alive, kill_hard, wait_until};

#[test]
fn of_programs_that_start_at_once_one_makes_the_cluster_and_all_are_served() {
    let ground = Ground::new();

    let users: Vec<User> = (0..6).map(|_| User::start(ground.dir(), Duration::ZERO)).collect();
    let served: Vec<Served> = users.into_iter().map(User::served).collect();

    assert_eq!(served.iter().filter(|served| served.has_created).count(), 1);
    for each in &served {
        assert_eq!(each.sql("select 7").unwrap(), ["7"]);
    }
}

#[test]
fn the_server_goes_with_its_last_user_and_the_data_stays() {
    let ground = Ground::new();
    let first = Served::at(ground.dir());
    let second = Served::at(ground.dir());
    first.write_something();

    first.let_go();
    second.assert_it_is_there();
    second.let_go();

    assert!(ground.server().is_none(), "a program that ends waits for its server to shut down");
    assert!(!ground.pid_file().exists(), "the server shut down cleanly");
    Served::at(ground.dir()).assert_it_is_there();
}

#[test]
fn a_killed_program_leaves_no_server() {
    let ground = Ground::new();
    let served = Served::at(ground.dir());
    served.write_something();

    kill_hard(served.user.pid());

    ground.wait_until_deserted();
    assert!(!ground.pid_file().exists(), "the server shut down cleanly");
    Served::at(ground.dir()).assert_it_is_there();
}

#[test]
fn a_server_may_linger_for_the_next_user() {
    let ground = Ground::new();
    User::start(ground.dir(), Duration::from_secs(5)).served().let_go();

    let server = ground.server();
    let next = Served::at(ground.dir());

    assert!(server.is_some() && server == ground.server());
    next.let_go();
    ground.wait_until_deserted();
}

/// macOS does not tell the server of it; there the next program stops the orphan.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_supervisor_leaves_no_server() {
    let ground = Ground::new();
    let served = Served::at(ground.dir());
    served.write_something();

    kill_hard(ground.supervisor().unwrap());

    ground.wait_until_deserted();
    Served::at(ground.dir()).assert_it_is_there();
}

#[test]
fn a_program_that_starts_right_after_the_supervisor_was_killed_is_served() {
    let ground = Ground::new();
    let served = Served::at(ground.dir());
    served.write_something();

    let supervisor = ground.supervisor().unwrap();

    kill_hard(supervisor);
    wait_until("it is dead", || !is_alive(supervisor));

    Served::at(ground.dir()).assert_it_is_there();
}

#[test]
fn a_killed_server_is_started_again() {
    let ground = Ground::new();
    let served = Served::at(ground.dir());
    served.write_something();
    let killed = ground.server().unwrap();

    kill_hard(killed);

    wait_until("another server is ready", || ground.server().is_some_and(|server| server != killed));
    served.assert_it_is_there();
}

#[test]
fn after_all_were_killed_the_next_start_recovers() {
    let ground = Ground::new();
    let served = Served::at(ground.dir());
    served.write_something();

    kill_all(&ground, served);

    assert!(ground.pid_file().exists(), "the killed server left its file");
    Served::at(ground.dir()).assert_it_is_there();
}

#[test]
fn a_pid_file_that_names_a_process_of_somebody_else_is_no_obstacle() {
    let ground = Ground::new();
    let served = Served::at(ground.dir());
    served.write_something();
    kill_all(&ground, served);
    let owner = fs::metadata(ground.pid_file()).unwrap().uid();
    // One that the server's user may signal, or PostgreSQL itself would see that it is not a server.
    let mut stranger = Command::new("sleep").arg("600").uid(owner).spawn().unwrap();
    let text = fs::read_to_string(ground.pid_file()).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    fs::write(ground.pid_file(), format!("{}\n{rest}", stranger.id())).unwrap();

    let next = Served::at(ground.dir());

    next.assert_it_is_there();
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger was left alone");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn a_first_start_that_was_killed_is_begun_again() {
    let ground = Ground::new();
    let user = User::start(ground.dir(), Duration::ZERO);
    let is_being_made = || {
        let mut names = fs::read_dir(ground.home()).unwrap().map(|entry| entry.unwrap().file_name());
        names.any(|name| name.to_string_lossy().starts_with("initdb-"))
    };
    wait_until("initdb runs", is_being_made);

    drop(user);

    let next = Served::at(ground.dir());
    assert!(next.has_created);
    assert_eq!(next.sql("select 7").unwrap(), ["7"]);
}

#[test]
fn only_root_must_move_a_home_that_the_servers_user_cannot_reach() {
    let ground = Ground::new();
    let closed = ground.dir().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let wished = closed.join("home");

    let served = Served::at(&wished);

    assert_eq!(served.sql("select 7").unwrap(), ["7"]);
    let moved = fs::read_link(wished.join("moved"));
    assert_eq!(moved.is_ok(), geteuid().is_root());
    let home = moved.unwrap_or(wished);
    assert_eq!(served.socket_dir, home.join("socket"));
    served.let_go();
    fs::remove_dir_all(home).unwrap();
}

#[test]
fn a_home_with_a_long_path_has_its_socket_in_a_short_one() {
    let ground = Ground::new();
    let long: PathBuf = ground.dir().join("long".repeat(30));

    let served = Served::at(&long);

    assert_eq!(served.sql("select 7").unwrap(), ["7"]);
    let socket_dir = served.socket_dir.clone();
    assert!(!socket_dir.starts_with(&long));
    served.let_go();
    fs::remove_dir_all(socket_dir).unwrap();
    fs::remove_dir_all(home_of(&long)).unwrap();
}

#[test]
fn nobody_else_comes_near_the_socket_and_the_data() {
    let ground = Ground::new();
    let served = Served::at(ground.dir());

    for private in [served.socket_dir.clone(), ground.home().join("data")] {
        assert_eq!(fs::metadata(private).unwrap().mode() & 0o077, 0);
    }
    assert_eq!(served.sql("show listen_addresses").unwrap(), [""]);
}

#[test]
fn ctrl_c_in_the_terminal_of_the_program_reaches_neither_server_nor_supervisor() {
    let ground = Ground::new();
    let served = Served::at(ground.dir());

    let group_of_the_program = getpgid(Some(served.user.pid())).unwrap();

    for pid in [ground.server().unwrap(), ground.supervisor().unwrap()] {
        assert_ne!(getpgid(Some(pid)).unwrap(), group_of_the_program);
    }
}

/// As when the machine loses its power, but for the files.
fn kill_all(ground: &Ground, user: Served) {
    let server = ground.server().unwrap();
    // Stopped first, the supervisor cannot start another server meanwhile.
    let supervisor = ground.supervisor().unwrap();
    kill(supervisor, Signal::SIGSTOP).unwrap();
    kill_hard(server);
    kill_hard(supervisor);
    drop(user);
    wait_until("all are gone", || !is_alive(server) && !is_alive(supervisor));
}
