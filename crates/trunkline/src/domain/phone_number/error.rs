//! Why a text is no phone number, for whoever repairs the list.

/// Why a text is no phone number that can be called. The texts go with the row to whoever repairs the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneNumberError {
    #[error("phone is empty")]
    Empty,
    #[error("phone is not a number: {0}")]
    NotANumber(String),
    #[error("phone was rounded by the spreadsheet: {0}; format the column as text and export again")]
    RoundedBySpreadsheet(String),
    #[error("phone has an extension, which cannot be dialed: {0}")]
    HasExtension(String),
    #[error("phone holds more than one number: {0}")]
    SeveralNumbers(String),
    #[error("phone has an unknown country code: {0}")]
    UnknownCountryCode(String),
    #[error("phone lacks its area code: {0}")]
    LacksAreaCode(Digits),
    #[error("phone is too short: {0}")]
    TooShort(Digits),
    #[error("phone is too long: {0}")]
    TooLong(Digits),
    #[error("phone does not exist: {number} is in no number range of country code {country_code}")]
    InNoRange { number: String, country_code: i32 },
    #[error("phone is not in E.164 form: {0}")]
    NotE164(String),
}

/// How many digits a number has, and how many it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digits {
    pub(super) number: String,
    pub(super) count: usize,
    /// Possible lengths of a national number, in order.
    pub(super) needed: Vec<u32>,
}

impl std::fmt::Display for Digits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { number, count, needed } = self;
        write!(f, "{number} has {count} digits, ")?;
        match needed.as_slice() {
            [] => f.write_str("which is not possible"),
            [only] => write!(f, "{only} are needed"),
            [first, .., last] if last - first + 1 > 2 => write!(f, "{first} to {last} are needed"),
            [first, .., last] => write!(f, "{first} or {last} are needed"),
        }
    }
}
