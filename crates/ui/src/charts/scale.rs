//! The vertical scale: from zero to a round number, in round steps.

/// A scale with `steps` lines above zero, each `step` apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    pub step: u32,
    pub steps: u32,
}

impl Scale {
    /// The smallest scale of about four steps on which `top` has room.
    pub(super) fn reaching(top: u32) -> Scale {
        let rough = top.div_ceil(4).max(1);
        let magnitude = 10_u32.pow(rough.ilog10());
        let step = [1, 2, 5, 10].into_iter().map(|factor| factor * magnitude).find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        Scale { step, steps: top.div_ceil(step).max(1) }
    }

    pub(super) fn max(self) -> u32 {
        self.step * self.steps
    }

    /// How high a value stands, in percent of the scale.
    pub(super) fn percent(self, value: u32) -> f64 {
        f64::from(value) / f64::from(self.max()) * 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_reach_the_top() {
        for (top, step, max) in [(0, 1, 1), (3, 1, 3), (21, 10, 30), (19, 5, 20), (430, 200, 600), (1000, 500, 1000)] {
            let scale = Scale::reaching(top);
            assert_eq!((scale.step, scale.max()), (step, max), "for {top}");
        }
    }
}
