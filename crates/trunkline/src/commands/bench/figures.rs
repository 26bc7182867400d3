//! The figures of a run: medians with their ranges, for a person and as JSON.

use super::cpu::Measure;
use serde_json::{Map, Value, json};
use std::io::{Write as _, stderr};

/// More foreign cores than this, and time on the wall says nothing about the program.
const QUIET_CORES_MAX: f64 = 0.3;

/// Rounds of one kind of work.
#[derive(Debug, Default, Clone)]
pub(super) struct Rounds(Vec<Measure>);

impl Rounds {
    pub(super) fn add(&mut self, measure: Measure) {
        self.0.push(measure);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn per_second(&self) -> f64 {
        median(self.0.iter().map(Measure::per_second))
    }

    pub(super) fn cpu_us(&self) -> f64 {
        median(self.0.iter().map(Measure::cpu_us))
    }

    pub(super) fn foreign_cores(&self) -> f64 {
        median(self.0.iter().map(|measure| measure.foreign_cores))
    }

    pub(super) fn json(&self) -> Value {
        let range = |values: Vec<f64>| {
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(0.0, f64::max);
            json!([rounded(low), rounded(high)])
        };
        json!({
            "rounds": self.0.len(),
            "operations": self.0.iter().map(|measure| measure.operations).sum::<u64>(),
            "per_second": rounded(self.per_second()),
            "per_second_range": range(self.0.iter().map(Measure::per_second).collect()),
            "cpu_us": rounded(self.cpu_us()),
            "cpu_us_range": range(self.0.iter().map(Measure::cpu_us).collect()),
            "foreign_cores": rounded(self.foreign_cores()),
        })
    }
}

/// What a run found, in the order in which it did.
#[derive(Debug, Default)]
pub(super) struct Figures {
    found: Map<String, Value>,
    noisiest: f64,
}

impl Figures {
    /// Keeps a figure and tells it.
    pub(super) fn set(&mut self, name: &str, value: f64) {
        tell(&format!("{name:<28} {}", rounded(value)));
        self.found.insert(name.to_owned(), json!(rounded(value)));
    }

    pub(super) fn set_fact(&mut self, name: &str, value: bool) {
        tell(&format!("{name:<28} {value}"));
        self.found.insert(name.to_owned(), json!(value));
    }

    /// Keeps all rounds of one kind of work.
    pub(super) fn set_rounds(&mut self, name: &str, rounds: &Rounds) {
        let foreign = rounds.foreign_cores();
        tell(&format!(
            "{name:<28} {:.0} a second, {:.0} us of CPU each, {foreign:.2} foreign cores",
            rounds.per_second(),
            rounds.cpu_us()
        ));
        self.noisiest = self.noisiest.max(foreign);
        self.found.insert(name.to_owned(), rounds.json());
    }

    /// All of them, and whether the machine was quiet enough for the figures that are read off a wall clock.
    pub(super) fn json(&self) -> Value {
        let mut all = self.found.clone();
        all.insert("foreign_cores_max".to_owned(), json!(rounded(self.noisiest)));
        all.insert("wall_clock_counts".to_owned(), json!(self.noisiest < QUIET_CORES_MAX));
        Value::Object(all)
    }
}

/// One line for the person who waits.
pub(super) fn tell(line: &str) {
    // Nobody to tell is no reason to stop.
    let _ = writeln!(stderr(), "{line}");
}

pub(super) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        count if count.is_multiple_of(2) => f64::midpoint(sorted[count / 2 - 1], sorted[count / 2]),
        count => sorted[count / 2],
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_or_between_the_two_middle_ones() {
        let check = |values: &[f64], expected: f64| {
            assert!((median(values.iter().copied()) - expected).abs() < 1e-9, "{values:?}");
        };

        check(&[3.0, 1.0, 2.0], 2.0);
        check(&[4.0, 1.0, 2.0, 3.0], 2.5);
        assert!(median([]).is_nan());
    }
}
