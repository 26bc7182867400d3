//! A mistake that the dispatch simulation makes on purpose, to see that it is noticed. In a program it is a constant `false`.

/// Whether the first page of a listing is taken for all of it.
#[cfg(not(feature = "mutants"))]
pub(crate) const fn first_page_is_all() -> bool {
    false
}

#[cfg(feature = "mutants")]
pub(crate) use switched::first_page_is_all;
#[cfg(feature = "mutants")]
pub use switched::read_first_page_only;

#[cfg(feature = "mutants")]
mod switched {
    use std::sync::atomic::{AtomicBool, Ordering};

    static FIRST_PAGE_ONLY: AtomicBool = AtomicBool::new(false);

    pub(crate) fn first_page_is_all() -> bool {
        FIRST_PAGE_ONLY.load(Ordering::Relaxed)
    }

    /// Makes the mistake from now on, or not any more.
    pub fn read_first_page_only(only: bool) {
        FIRST_PAGE_ONLY.store(only, Ordering::Relaxed);
    }
}
