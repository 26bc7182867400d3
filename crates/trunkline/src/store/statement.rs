//! Every statement of the program is declared by [`sql!`] as one literal, so that the test `every_statement_prepares` can
//! find them all in the sources and prepare them against the migrated schema.

/// Declares a statement as a constant.
macro_rules! sql {
    ($name:ident, $text:literal) => {
        pub(crate) const $name: &str = $text;
    };
}
pub(crate) use sql;
