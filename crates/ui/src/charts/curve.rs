//! A smooth line through points that never overshoots them (monotone cubic).

use std::fmt::Write;

/// The width of every chart's drawing, in its own units; the height is 100.
const WIDTH: f64 = 1000.0;

/// An SVG path through `values`, evenly spaced from left to right; `max` is the top. Empty for fewer than two values.
pub(super) fn path(values: &[u32], max: u32) -> String {
    let [first, .., _] = values else {
        return String::new();
    };
    let slopes = slopes(values);
    let step = WIDTH / f64::from(u32::try_from(values.len() - 1).unwrap_or(u32::MAX));
    let third = step / 3.0;
    let y = |value: f64| 100.0 - value / f64::from(max.max(1)) * 100.0;
    let mut path = format!("M0,{:.2}", y(f64::from(*first)));
    let mut x = 0.0;
    for (pair, slope) in values.windows(2).zip(slopes.windows(2)) {
        let (from, to) = (f64::from(pair[0]), f64::from(pair[1]));
        let (leave, arrive) = (y(from + slope[0] / 3.0), y(to - slope[1] / 3.0));
        let end = x + step;
        write!(path, "C{:.1},{leave:.2} {:.1},{arrive:.2} {end:.1},{:.2}", x + third, end - third, y(to))
            .expect("a string takes all that is written to it");
        x = end;
    }
    path
}

/// The slope at each value: zero at peaks and valleys, else the harmonic mean of the slopes beside it.
fn slopes(values: &[u32]) -> Vec<f64> {
    let rises: Vec<f64> = values.windows(2).map(|pair| f64::from(pair[1]) - f64::from(pair[0])).collect();
    let inner = rises.windows(2).map(|pair| {
        let (before, after) = (pair[0], pair[1]);
        if before * after <= 0.0 { 0.0 } else { 2.0 * before * after / (before + after) }
    });
    let ends = (rises.first().copied(), rises.last().copied());
    ends.0.into_iter().chain(inner).chain(ends.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_needs_two_points() {
        assert_eq!(path(&[], 10), "");
        assert_eq!(path(&[3], 10), "");
    }

    #[test]
    fn a_straight_line_is_straight() {
        assert_eq!(path(&[0, 10], 10), "M0,100.00C333.3,66.67 666.7,33.33 1000.0,0.00");
    }

    #[test]
    fn a_peak_is_flat_on_top_so_the_curve_does_not_overshoot() {
        let peak = path(&[0, 10, 0], 10);

        assert!(peak.contains("333.3,0.00 500.0,0.00C666.7,0.00"), "{peak}");
    }

    #[test]
    fn as_many_slopes_as_values() {
        assert_eq!(slopes(&[1, 4, 2, 2, 7]).len(), 5);
    }
}
