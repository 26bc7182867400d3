//! Phone numbers: read once at the edge from what people and spreadsheets write, then kept as E.164.
//!
//! `reading.rs` finds the number in a text, or says why there is none.

mod cleaning;
mod error;
mod reading;

use std::fmt;
use std::str::FromStr;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};

pub use self::error::PhoneNumberError;
use super::text_enum::text_enum;

/// Digits of an E.164 number, its country calling code included.
const DIGITS_MIN: usize = 7;
const DIGITS_MAX: usize = 15;

/// A country by its two letters, such as `US`: how a number without `+` is read. As JSON, these letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country(Region);

/// A text that is no country.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no country of two letters such as US")]
pub struct CountryError(String);

/// A phone number as E.164: up to 15 digits, of which the first is not 0.
///
/// `Display` is `+13125550146`. `Debug` hides all but the last two digits, so that no log tells a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(u64);

text_enum! {
    /// What a number is used for, as far as its digits tell.
    pub enum PhoneKind ("phone kind") {
        Landline = "landline",
        Mobile = "mobile",
        /// The digits do not tell, as in North America.
        LandlineOrMobile = "landline_or_mobile",
        /// An internet line.
        Voip = "voip",
        TollFree = "toll_free",
        Premium = "premium",
        SharedCost = "shared_cost",
        /// Follows a person, at a price that the caller cannot know.
        Personal = "personal",
        Pager = "pager",
        /// One number for a whole company.
        Universal = "universal",
        VoicemailBox = "voicemail_box",
        /// A network without a country: satellites and the like.
        Satellite = "satellite",
        Unknown = "unknown",
    }
}

impl Country {
    /// Reads two letters in upper or lower case.
    pub fn parse(text: &str) -> Option<Self> {
        let region: Region = text.trim().to_ascii_uppercase().parse().ok()?;
        let has_phones = region != Region::World && PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some();
        has_phones.then_some(Self(region))
    }

    /// `1` of the United States: what begins its numbers after the `+`.
    pub fn calling_code(self) -> i32 {
        PHONE_NUMBER_UTIL.get_country_code_for_region(self.0).expect("a country without phones is not parsed")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.as_region_str())
    }
}

impl TryFrom<String> for Country {
    type Error = CountryError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or(CountryError(text))
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.to_string()
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PhoneKind {
    /// A lead is called on what a person answers at an ordinary price. Everything else is refused.
    pub fn may_be_called(self) -> bool {
        matches!(self, Self::Landline | Self::Mobile | Self::LandlineOrMobile | Self::Voip)
    }

    /// For people, with the article: `a premium rate number`.
    pub const fn described(self) -> &'static str {
        match self {
            Self::Landline => "a landline",
            Self::Mobile => "a mobile",
            Self::LandlineOrMobile => "a landline or mobile",
            Self::Voip => "an internet line",
            Self::TollFree => "a toll-free number",
            Self::Premium => "a premium rate number",
            Self::SharedCost => "a shared cost number",
            Self::Personal => "a personal number",
            Self::Pager => "a pager",
            Self::Universal => "a company access number",
            Self::VoicemailBox => "a voicemail box",
            Self::Satellite => "a satellite or global network number",
            Self::Unknown => "a number of unknown kind",
        }
    }
}

impl PhoneNumber {
    /// Reads a number as a person wrote it: national as in `country`, or international with `+` or `00`.
    pub fn parse(text: &str, country: Country) -> Result<Self, PhoneNumberError> {
        reading::read(text, country)
    }

    /// Takes a number that was normalized before, from a table or the provider. That it is in use is not
    /// checked again: numbering plans change, and a number once accepted must stay readable.
    pub fn from_e164(text: &str) -> Result<Self, PhoneNumberError> {
        let malformed = || PhoneNumberError::NotE164(cleaning::shortened(text));
        let digits = text.strip_prefix('+').ok_or_else(malformed)?;
        let plausible = (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if !plausible {
            return Err(malformed());
        }
        digits.parse().map(Self).map_err(|_| malformed())
    }

    pub fn country(self) -> Option<Country> {
        let region = self.parsed()?.get_region_code()?;
        (region != Region::World).then_some(Country(region))
    }

    pub fn kind(self) -> PhoneKind {
        let Some(number) = self.parsed() else {
            return PhoneKind::Unknown;
        };
        if number.get_region_code() == Some(Region::World) {
            return PhoneKind::Satellite;
        }
        match number.get_type() {
            PhoneNumberType::FixedLine => PhoneKind::Landline,
            PhoneNumberType::Mobile => PhoneKind::Mobile,
            PhoneNumberType::FixedLineOrMobile => PhoneKind::LandlineOrMobile,
            PhoneNumberType::TollFree => PhoneKind::TollFree,
            PhoneNumberType::PremiumRate => PhoneKind::Premium,
            PhoneNumberType::SharedCost => PhoneKind::SharedCost,
            PhoneNumberType::VoIP => PhoneKind::Voip,
            PhoneNumberType::PersonalNumber => PhoneKind::Personal,
            PhoneNumberType::Pager => PhoneKind::Pager,
            PhoneNumberType::UAN => PhoneKind::Universal,
            PhoneNumberType::VoiceMail => PhoneKind::VoicemailBox,
            PhoneNumberType::Unknown => PhoneKind::Unknown,
        }
    }

    /// The area code of a number of North America: the three digits after its `1`.
    pub fn area_code(self) -> Option<u16> {
        let national = self.0.checked_sub(10_000_000_000).filter(|national| *national < 10_000_000_000)?;
        u16::try_from(national / 10_000_000).ok()
    }

    /// As written in its own country: `(312) 555-0146`.
    pub fn national(self) -> String {
        self.formatted(PhoneNumberFormat::National)
    }

    /// As written anywhere: `+1 312-555-0146`.
    pub fn international(self) -> String {
        self.formatted(PhoneNumberFormat::International)
    }

    /// For people of `country`: national if it is theirs, else international.
    pub fn for_people_in(self, country: Country) -> String {
        if self.country() == Some(country) { self.national() } else { self.international() }
    }

    /// The digits that tell where the number is: all of them, or its country calling code alone if numbers of
    /// its kind are not bound to a place.
    pub(super) fn place_prefix(self) -> u64 {
        match self.parsed() {
            Some(number) if number.is_geographical() => self.0,
            Some(number) => u64::try_from(number.country_code).unwrap_or(self.0),
            None => self.0,
        }
    }

    fn parsed(self) -> Option<rlibphonenumber::PhoneNumber> {
        PHONE_NUMBER_UTIL.parse(self.to_string(), None).ok()
    }

    fn formatted(self, format: PhoneNumberFormat) -> String {
        self.parsed().map_or_else(|| self.to_string(), |number| number.format_as(format).into_owned())
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber(…{:02})", self.0 % 100)
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;

    /// Reads E.164, as `Display` writes it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_e164(text)
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::from_e164(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> Self {
        phone.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(text: &str) -> PhoneNumber {
        PhoneNumber::from_e164(text).unwrap()
    }

    #[test]
    fn a_number_is_shown_as_its_readers_write_it() {
        let chicago = phone("+13125550146");
        assert_eq!(chicago.national(), "(312) 555-0146");
        assert_eq!(chicago.international(), "+1 312-555-0146");
        assert_eq!(chicago.for_people_in(Country::parse("us").unwrap()), "(312) 555-0146");
        assert_eq!(chicago.for_people_in(Country::parse("GB").unwrap()), "+1 312-555-0146");
        assert_eq!(phone("+390612345678").international(), "+39 06 1234 5678");
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let phone = phone(text);
        let country = phone.country().map_or_else(|| "none".to_owned(), |country| country.to_string());
        assert_eq!(format!("{country} {} {}", phone.kind(), phone.kind().may_be_called()), expected);
    }

    #[test]
    fn a_number_tells_its_country_and_kind_and_whether_leads_are_called_on_it() {
        check("+13125550146", "US landline_or_mobile true");
        check("+12423650000", "BS landline true");
        check("+442079460958", "GB landline true");
        check("+491701234567", "DE mobile true");
        check("+18005550100", "US toll_free false");
        check("+19005550100", "US premium false");
        check("+870773111632", "none satellite false");
        check("+447012345678", "GB personal false");
        check("+13121550146", "none unknown false");
    }

    #[test]
    fn e164_is_read_as_it_is_written() {
        assert_eq!(phone("+13125550146").to_string(), "+13125550146");
        for text in ["13125550146", "+1 312 555 0146", "+0312555014", "+123456", "+1234567890123456", "", "+"] {
            assert!(PhoneNumber::from_e164(text).is_err(), "{text}");
        }
        let json = serde_json::to_string(&phone("+13125550146")).unwrap();
        assert_eq!(json, "\"+13125550146\"");
        assert_eq!(serde_json::from_str::<PhoneNumber>(&json).unwrap(), phone("+13125550146"));
    }

    #[test]
    fn an_area_code_is_of_north_america_only() {
        assert_eq!(phone("+13125550146").area_code(), Some(312));
        assert_eq!(phone("+18765550146").area_code(), Some(876));
        assert_eq!(phone("+442079460958").area_code(), None);
        assert_eq!(phone("+491701234567").area_code(), None);
    }

    #[test]
    fn countries_that_share_a_calling_code_are_told_apart() {
        let country = |text| phone(text).country().map(|country| country.to_string());
        assert_eq!(country("+18765550146"), Some("JM".to_owned()));
        assert_eq!(country("+14165550146"), Some("CA".to_owned()));
        assert_eq!(country("+12125550146"), Some("US".to_owned()));
        assert_eq!(country("+17876200146"), Some("PR".to_owned()));
    }

    #[test]
    fn debug_does_not_tell_the_number() {
        assert_eq!(format!("{:?}", phone("+13125550146")), "PhoneNumber(…46)");
    }

    #[test]
    fn a_country_is_two_letters_of_a_country_with_phones() {
        assert_eq!(Country::parse(" de ").map(|country| country.to_string()), Some("DE".to_owned()));
        assert_eq!(Country::parse("XX"), None);
        assert_eq!(Country::parse("001"), None);
        assert_eq!(Country::parse("Germany"), None);
        assert_eq!(Country::parse(""), None);
    }
}
