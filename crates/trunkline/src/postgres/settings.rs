//! The settings of the server that differ from PostgreSQL's own. Given on its command line, where they win
//! over what a person writes into the cluster's files.

use super::PORT;
use super::home::Home;

const ALWAYS: [(&str, &str); 8] = [
    // The socket is all there is.
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    // Several test processes with a pool each; a connection that is not there costs nothing.
    ("max_connections", "200"),
    // Our queries are short: compiling one takes longer than running it.
    ("jit", "off"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_checkpoints", "off"),
    // A solid-state disk reads a random page nearly as fast as the next one.
    ("random_page_cost", "1.1"),
];

const DURABLE: [(&str, &str); 5] = [
    ("shared_buffers", "256MB"),
    // Fewer checkpoints, each of which writes whole pages to the log again.
    ("checkpoint_timeout", "15min"),
    ("max_wal_size", "2GB"),
    ("wal_compression", "on"),
    // A session that forgot its transaction would keep rows locked and dead rows from being removed.
    ("idle_in_transaction_session_timeout", "60s"),
];

/// For data that nobody will miss: it need not survive a power cut, only be quick.
const FLEETING: [(&str, &str); 8] = [
    ("shared_buffers", "128MB"),
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "1h"),
];

/// The `-c` values for a server in `home`, as `name=value`.
pub(super) fn of(home: &Home, durable: bool) -> Vec<String> {
    let chosen: &[_] = if durable { &DURABLE } else { &FLEETING };
    let placed = [
        ("port", PORT.to_string()),
        ("unix_socket_directories", quoted(&home.socket_dir().to_string_lossy())),
        ("hba_file", home.host_rules().to_string_lossy().into_owned()),
        ("ident_file", home.ident_rules().to_string_lossy().into_owned()),
    ];
    let fixed = ALWAYS.iter().chain(chosen).map(|(name, value)| format!("{name}={value}"));
    fixed.chain(placed.iter().map(|(name, value)| format!("{name}={value}"))).collect()
}

/// A list value with one element: a comma or a blank in it is part of it.
fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace('"', "\"\""))
}
