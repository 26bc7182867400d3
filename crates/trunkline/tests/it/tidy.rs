//! What keeps the sources tidy: rules about text that no compiler and no lint knows.

mod arrows;
mod documents;
mod failpoints;
mod tree;
mod words;
