//! As much of an HTTP server as a browser on the same machine needs.

use crate::campaigns;
use crate::routes::{self, Answer, Request, context};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use ui::stream::Sent;

/// The policy of the product: no script, style or font but our own.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn serve(stream: &TcpStream) {
    let Some(request) = read(stream) else { return };
    // Whoever went away does not miss the answer.
    drop(answer(stream, &request));
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut words = first.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap_or(0));
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body).ok()?;
    Some(Request { method, target, headers, body })
}

fn answer(mut stream: &TcpStream, request: &Request) -> std::io::Result<()> {
    let (status, headers, body) = match routes::answer(request) {
        Answer::Page { status, markup, cookies } => {
            let cookies: Vec<_> = cookies
                .iter()
                .map(|cookie| {
                    format!(
                        "set-cookie: {cookie}; Path=/
"
                    )
                })
                .collect();
            (
                status,
                format!("content-type: text/html; charset=utf-8\r\n{}", cookies.concat()),
                markup.into_string().into_bytes(),
            )
        }
        Answer::Asset(asset) => (200, format!("content-type: {}\r\n", asset.content_type), asset.bytes.to_vec()),
        Answer::Sound { bytes, range } => {
            (206, format!("content-type: audio/wav\r\ncontent-range: {range}\r\n"), bytes)
        }
        Answer::SeeOther(place) => (303, format!("location: {place}\r\n"), Vec::new()),
        Answer::Stream => return live(stream, request),
    };
    write!(stream, "HTTP/1.1 {status} Gallery\r\nconnection: close\r\ncontent-security-policy: {POLICY}\r\n")?;
    write!(stream, "{headers}content-length: {}\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

/// A campaign that moves once a second.
fn live(mut stream: &TcpStream, request: &Request) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 Gallery\r\nconnection: close\r\ncontent-type: text/event-stream\r\n\r\n")?;
    let mut sent = Sent::default();
    for second in 0.. {
        let context = context(request, second);
        let fragments = if context.is_agency() {
            ui::pages::campaign::agency_fragments(&campaigns::operator(second), &context)
        } else {
            ui::pages::campaign::client_fragments(&campaigns::client(second), &context)
        };
        let message = sent.changed(fragments).unwrap_or_default();
        write!(stream, "data: {}\n\n", message.replace('\n', "\ndata: "))?;
        stream.flush()?;
        std::thread::sleep(Duration::from_secs(1));
    }
    Ok(())
}
