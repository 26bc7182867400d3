//! What happened in a run, for whoever has to understand a failure.

use jiff::Timestamp;

/// Lines of one run; none are kept unless somebody will read them.
#[derive(Debug, Default)]
pub(crate) struct Story {
    lines: Option<Vec<String>>,
}

impl Story {
    pub(crate) fn kept() -> Self {
        Self { lines: Some(Vec::new()) }
    }

    /// The text is made only if it is kept.
    pub(crate) fn tell(&mut self, now: Timestamp, text: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.lines {
            lines.push(format!("{now:.3}  {}", text()));
        }
    }

    pub(crate) fn lines(&self) -> &[String] {
        self.lines.as_deref().unwrap_or_default()
    }
}
