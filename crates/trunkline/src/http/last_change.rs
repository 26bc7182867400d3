//! How something was set last, with what it was before: posted to the same form, that takes the change back.

use crate::store::audit::Change;
use ui::view::LastChange;

/// The pairs of a form.
pub(super) type Pairs = Vec<(String, String)>;

/// `before` draws what an entry holds as the pairs of the form, if it can hold them; what an older version wrote and this one
/// cannot read is not offered. `None` too where it is as it was.
pub(super) fn drawn<T: serde::de::DeserializeOwned>(
    change: Option<Change>,
    now: &Pairs,
    before: impl FnOnce(&T) -> Option<Pairs>,
) -> Option<LastChange> {
    let Change { by, at, from } = change?;
    let before = before(&serde_json::from_value(from).ok()?)?;
    (before != *now).then_some(LastChange { by, at, before })
}
