//! Charts are functions: numbers in, markup out. What a chart shows is also said in a sentence and in a table.

mod bars;
mod curve;
mod minutes;
mod scale;
mod wave;

pub(crate) use bars::{bars, columns, sparkline, volume};
pub(crate) use minutes::pace_chart;
pub(crate) use wave::waveform;
