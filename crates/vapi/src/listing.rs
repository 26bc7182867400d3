//! Lists of calls: one page as Vapi gives it, or a whole listing that is complete or an error.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::call::CALLS;
use crate::{Call, Client, Error, Fetched, mutants};

/// The largest page Vapi gives.
pub const CALLS_PER_PAGE_MAX: u16 = 1000;
/// The page Vapi gives when it is not told otherwise.
const CALLS_PER_PAGE_DEFAULT: u16 = 100;
/// Vapi shows instants in milliseconds; what it compares with may be finer.
const SHOWN_PRECISION: Duration = Duration::from_millis(1);

/// All filters of `GET /call`. There is none by status, metadata or customer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "each field is the filter of the same name, Gt/Ge/Lt/Le as >, >=, <, <=")]
pub struct CallFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assistant_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_id: Option<String>,
    /// Calls on a page: at most [`CALLS_PER_PAGE_MAX`], 100 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
    pub created_at_gt: Option<Timestamp>,
    #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
    pub created_at_lt: Option<Timestamp>,
    #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
    pub created_at_ge: Option<Timestamp>,
    #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
    pub created_at_le: Option<Timestamp>,
    #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
    pub updated_at_gt: Option<Timestamp>,
    #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
    pub updated_at_lt: Option<Timestamp>,
    #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
    pub updated_at_ge: Option<Timestamp>,
    #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
    pub updated_at_le: Option<Timestamp>,
}

#[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
fn iso<S: Serializer>(instant: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) => serializer.collect_str(&format_args!("{instant:.3}")),
        None => serializer.serialize_none(),
    }
}

/// Why a whole listing could not be had. Nothing may be concluded from the calls that were seen.
#[derive(Debug, thiserror::Error)]
pub enum ListingError {
    /// A page failed; the listing may be tried again.
    #[error("a page of calls could not be read: {0}")]
    Page(#[from] Error),
    /// There were more pages than allowed; ask for a shorter time, or allow more.
    #[error("the calls do not fit the {pages_max} pages allowed")]
    TooLong {
        /// The pages that were allowed.
        pages_max: usize,
    },
    /// A full page was not sorted from new to old, so that nobody can tell which calls were left out.
    #[error("a full page of calls was not sorted by its time of creation")]
    Unordered,
}

impl Client {
    /// One page of calls, in Vapi's order, which is not documented.
    pub async fn list_calls(&self, filter: &CallFilter) -> Result<Vec<Fetched<Call>>, Error> {
        let mut url = self.collection(CALLS);
        let query = serde_json::to_value(filter).expect("a filter has only text keys and plain values");
        for (name, value) in query.as_object().into_iter().flatten() {
            // Numbers print as JSON does; texts without their quotes.
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            url.query_pairs_mut().append_pair(name, &text);
        }
        self.get(url).await
    }

    /// All calls that match, each once, the newest first: complete, or an error.
    ///
    /// Pages by moving `created_at_le` to the oldest call received. A page shorter than its limit is the last.
    pub async fn list_all_calls(
        &self,
        filter: &CallFilter,
        pages_max: usize,
    ) -> Result<Vec<Fetched<Call>>, ListingError> {
        let mut paging = Paging::new(filter, pages_max);
        loop {
            let page = self.list_calls(paging.next_page()).await?;
            match paging.take(page)? {
                Progress::More(more) => paging = *more,
                Progress::Whole(calls) => return Ok(calls),
            }
        }
    }
}

/// What is read in pages, the newest first.
pub trait Listed {
    /// Unique over all pages.
    fn id(&self) -> &str;
    /// By which the pages are sorted.
    fn created_at(&self) -> Option<Timestamp>;
}

impl Listed for Fetched<Call> {
    fn id(&self) -> &str {
        &self.id
    }

    fn created_at(&self) -> Option<Timestamp> {
        self.created_at
    }
}

/// A listing in the making: which page to ask for next, and whether what was read is all of it.
#[derive(Debug)]
pub struct Paging<T> {
    next: CallFilter,
    limit: usize,
    pages_left: usize,
    pages_max: usize,
    calls: Vec<T>,
    seen: HashSet<String>,
}

/// How far a listing has come.
#[derive(Debug)]
pub enum Progress<T> {
    /// Another page is to be read.
    More(Box<Paging<T>>),
    /// All there is, each once, the newest first.
    Whole(Vec<T>),
}

impl<T: Listed> Paging<T> {
    /// A listing of at most `pages_max` pages.
    pub fn new(filter: &CallFilter, pages_max: usize) -> Self {
        let limit = filter.limit.unwrap_or(CALLS_PER_PAGE_DEFAULT).clamp(1, CALLS_PER_PAGE_MAX);
        let next = CallFilter { limit: Some(limit), ..filter.clone() };
        Self { next, limit: limit.into(), pages_left: pages_max, pages_max, calls: Vec::new(), seen: HashSet::new() }
    }

    /// The page to ask for.
    pub fn next_page(&self) -> &CallFilter {
        &self.next
    }

    /// Takes in the page that was asked for.
    pub fn take(mut self, page: Vec<T>) -> Result<Progress<T>, ListingError> {
        let is_last = page.len() < self.limit || mutants::first_page_is_all();
        let oldest = oldest_of_sorted(&page);
        let calls_before = self.calls.len();
        for call in page {
            if self.seen.insert(call.id().to_owned()) {
                self.calls.push(call);
            }
        }
        if is_last {
            self.calls.sort_by_key(|call| std::cmp::Reverse(call.created_at()));
            return Ok(Progress::Whole(self.calls));
        }
        self.pages_left = self.pages_left.saturating_sub(1);
        // More calls in one millisecond than a page holds: moving the bound would not move the page.
        if self.pages_left == 0 || self.calls.len() == calls_before {
            return Err(ListingError::TooLong { pages_max: self.pages_max });
        }
        self.next.created_at_le = Some(oldest.ok_or(ListingError::Unordered)? + SHOWN_PRECISION);
        Ok(Progress::More(Box::new(self)))
    }
}

/// The creation of the last call, if the page is sorted from new to old.
fn oldest_of_sorted<T: Listed>(page: &[T]) -> Option<Timestamp> {
    let is_sorted = page.iter().map(Listed::created_at).is_sorted_by(|newer, older| newer >= older);
    page.last().filter(|_| is_sorted)?.created_at()
}
