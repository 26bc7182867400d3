//! What the demo can be told on the command line.

use jiff::SignedDuration;
use std::path::PathBuf;

const CLIENTS_MAX: i64 = 2_000;
const SPEED_MAX: i64 = 600;

/// Shows an agency's campaigns calling leads: a database of its own, a simulated provider, and the dashboard.
#[derive(clap::Args, Debug, Clone)]
pub struct Demo {
    /// Where the demo keeps its data; a second start goes on with it.
    #[arg(long, default_value = ".trunkline/demo", value_name = "DIR")]
    pub dir: PathBuf,
    /// Port of the dashboard on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 4400)]
    pub port: u16,
    /// Client organizations; each has 40 leads and 2 numbers.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=CLIENTS_MAX))]
    pub clients: u32,
    /// How many times faster than real the clocks of dialer and provider run.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=SPEED_MAX))]
    pub speed: u32,
    /// What the provider leaves to chance follows from this number.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Runs without a person, in a new database, and ends with a report; exit code 1 if anything is wrong.
    #[arg(long)]
    pub headless: bool,
    /// How long a headless run lasts, in real time, such as `2m` or `90s`.
    #[arg(long = "for", default_value = "2m", value_name = "TIME")]
    pub duration: SignedDuration,
    /// Where a headless run writes its report as JSON; standard output without it.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub bad_days: BadDays,
}

/// What goes wrong at the simulated provider. Shares may be written as `20%` or `0.2`.
#[derive(clap::Args, Debug, Clone)]
pub struct BadDays {
    /// Share of webhooks that are never sent.
    #[arg(long, default_value = "0%", value_parser = share, value_name = "SHARE")]
    pub lose_webhooks: f64,
    /// Share of webhooks that are sent twice.
    #[arg(long, default_value = "0%", value_parser = share, value_name = "SHARE")]
    pub duplicate_webhooks: f64,
    /// Webhooks overtake each other.
    #[arg(long)]
    pub reorder_webhooks: bool,
    /// Share of created calls whose answer never arrives.
    #[arg(long, default_value = "0%", value_parser = share, value_name = "SHARE")]
    pub lost_answers: f64,
}

impl BadDays {
    pub fn knobs(&self) -> vapi_sim::Knobs {
        vapi_sim::Knobs {
            lose_webhooks: self.lose_webhooks,
            duplicate_webhooks: self.duplicate_webhooks,
            reorder_webhooks: self.reorder_webhooks,
            lost_answers: self.lost_answers,
            ..vapi_sim::Knobs::default()
        }
    }
}

/// `20%` or `0.2`.
pub fn share(text: &str) -> Result<f64, String> {
    let (number, scale) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
    let share = number.trim().parse::<f64>().ok().map(|number| number / scale);
    share.filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| format!("{text:?} is no share from 0% to 100%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_in_both_forms_and_bounded() {
        assert_eq!(share("20%"), Ok(0.2));
        assert_eq!(share("0.05"), Ok(0.05));
        assert!(share("120%").is_err());
        assert!(share("-1").is_err());
        assert!(share("a lot").is_err());
    }
}
