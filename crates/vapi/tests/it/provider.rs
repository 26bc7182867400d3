//! A server that plays Vapi for one test: it answers by a script and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use vapi::{Client, ClientConfig};

const REQUEST_BYTES_MAX: usize = 1024 * 1024;

/// What the server does once it has read a whole request.
pub(crate) enum Reply {
    /// Answers with JSON.
    Json(u16, String),
    /// Answers with these bytes, head and all, and closes.
    Raw(String),
    /// Closes with a reset.
    Reset,
    /// Never answers; tells over the channel how the other side ended the connection.
    Silence,
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) struct Provider {
    base_url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    endings: mpsc::UnboundedReceiver<std::io::Result<usize>>,
    _server: JoinSet<()>,
}

impl Provider {
    pub(crate) async fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(Mutex::new(script.into_iter().collect::<VecDeque<_>>()));
        let (tell, endings) = mpsc::unbounded_channel();
        let mut server = JoinSet::new();
        let remembered = Arc::clone(&asked);
        server.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&script), Arc::clone(&remembered), tell.clone()));
            }
        });
        Self { base_url, asked, endings, _server: server }
    }

    pub(crate) fn client(&self) -> Client {
        client(&self.base_url)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How the other side ended a connection that was met with silence.
    pub(crate) async fn ending(&mut self) -> std::io::Result<usize> {
        self.endings.recv().await.unwrap()
    }
}

pub(crate) fn client(base_url: &str) -> Client {
    let key = SecretString::from("private-key");
    Client::new(ClientConfig { base_url: base_url.to_owned(), key, timeout: Duration::from_secs(10) }).unwrap()
}

async fn serve(
    mut stream: TcpStream,
    script: Arc<Mutex<VecDeque<Reply>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    tell: mpsc::UnboundedSender<std::io::Result<usize>>,
) {
    while let Some(request) = read_request(&mut stream).await {
        asked.lock().unwrap().push(request);
        let reply =
            script.lock().unwrap().pop_front().unwrap_or(Reply::Json(500, r#"{"message":"script over"}"#.into()));
        match reply {
            Reply::Json(status, body) => {
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} x\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {length}\r\n\r\n"
                );
                stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
            }
            Reply::Raw(bytes) => {
                stream.write_all(bytes.as_bytes()).await.unwrap();
                return;
            }
            Reply::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Reply::Silence => {
                let _ = tell.send(stream.read(&mut [0]).await);
                return;
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        read_more(stream, &mut bytes).await?;
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap().to_lowercase();
    let line = String::from_utf8_lossy(&bytes[..head_end]).lines().next().unwrap().to_owned();
    let length: usize = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
    while bytes.len() < head_end + 4 + length {
        read_more(stream, &mut bytes).await?;
    }
    let body = String::from_utf8(bytes[head_end + 4..].to_vec()).unwrap();
    Some(Asked { line, head, body })
}

async fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    assert!(bytes.len() < REQUEST_BYTES_MAX);
    match stream.read_buf(bytes).await {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(()),
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}
