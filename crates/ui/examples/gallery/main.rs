//! Every page with made-up values, to look at: `cargo run -p ui --example gallery` prints the address.
//!
//! `?theme=dark` and `?as=client` choose theme and audience, and are remembered by cookies.

mod agency;
mod calls;
mod campaigns;
mod control;
mod leads;
mod routes;
mod samples;
mod server;

use std::net::TcpListener;

const PORT: u16 = 4178;

#[expect(clippy::print_stdout, reason = "a person starts this by hand")]
fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", PORT))?;
    println!("http://127.0.0.1:{PORT}/");
    for stream in listener.incoming() {
        let stream = stream?;
        std::thread::spawn(move || server::serve(&stream));
    }
    Ok(())
}
