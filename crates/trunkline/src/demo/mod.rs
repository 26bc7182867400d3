//! `trunkline demo`: the whole product in one process, over an embedded Postgres and a simulated provider. What is true
//! here is true in production: the only differences are the base URL, the database URL and the clock.

pub mod args;
mod companies;
pub mod headless;
mod places;
mod provider;
pub mod report;
pub mod stage;
mod time;
pub mod truth;
mod watched;
mod world;

pub use args::{BadDays, Demo};
pub use stage::DATABASE;
pub use time::shown as time_shown;

/// Runs it; false if a headless run found something wrong.
pub async fn run(demo: Demo) -> anyhow::Result<bool> {
    if demo.headless {
        headless::run(&demo).await
    } else {
        watched::run(&demo).await?;
        Ok(true)
    }
}
