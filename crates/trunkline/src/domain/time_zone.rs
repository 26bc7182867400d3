//! Time zones by name, and in which zones a lead may be.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

use super::phone_number::PhoneNumber;
use super::phone_time_zones;
use super::postal_code_zones;
use super::text_enum::text_enum;

/// The database compiled in, not the machine's: every node and every test has the same clock changes.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// What people write for a zone in spreadsheets. `MST` is not here: it is two zones in summer.
const FAMILIAR_NAMES: &[(&str, &str)] = &[
    ("eastern", "America/New_York"),
    ("et", "America/New_York"),
    ("est", "America/New_York"),
    ("edt", "America/New_York"),
    ("central", "America/Chicago"),
    ("ct", "America/Chicago"),
    ("cst", "America/Chicago"),
    ("cdt", "America/Chicago"),
    ("mountain", "America/Denver"),
    ("mt", "America/Denver"),
    ("mdt", "America/Denver"),
    ("arizona", "America/Phoenix"),
    ("pacific", "America/Los_Angeles"),
    ("pt", "America/Los_Angeles"),
    ("pst", "America/Los_Angeles"),
    ("pdt", "America/Los_Angeles"),
    ("alaska", "America/Anchorage"),
    ("akst", "America/Anchorage"),
    ("akdt", "America/Anchorage"),
    ("hawaii", "Pacific/Honolulu"),
    ("hst", "Pacific/Honolulu"),
];

/// Why a text is no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeZoneError {
    #[error("{0:?} is no time zone; write it like America/New_York")]
    Unknown(String),
    #[error("{0:?} may be America/Denver or America/Phoenix; write the one that is meant")]
    Ambiguous(String),
    #[error("{0:?} is an offset, which a clock change makes wrong; write a zone like America/New_York")]
    Offset(String),
}

/// The zone with this IANA name; upper and lower case are the same.
pub fn named(name: &str) -> Result<TimeZone, TimeZoneError> {
    DATABASE.get(name).map_err(|_| TimeZoneError::Unknown(name.to_owned()))
}

/// The zone that a person means: an IANA name, or a familiar one such as `Eastern` or `PST`.
pub fn parse(text: &str) -> Result<TimeZone, TimeZoneError> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let core = lower.split(" (").next().unwrap_or_default();
    let core =
        [" standard time", " daylight time", " time"].iter().find_map(|end| core.strip_suffix(end)).unwrap_or(core);
    if let Some((_, name)) = FAMILIAR_NAMES.iter().find(|(familiar, _)| *familiar == core) {
        return named(name);
    }
    if core == "mst" {
        return Err(TimeZoneError::Ambiguous(text.to_owned()));
    }
    let after_prefix = core.strip_prefix("utc").or_else(|| core.strip_prefix("gmt")).unwrap_or(core);
    if after_prefix.starts_with(['+', '-', '−']) {
        return Err(TimeZoneError::Offset(text.to_owned()));
    }
    named(&text.replace(' ', "_")).map_err(|_| TimeZoneError::Unknown(text.to_owned()))
}

/// The civil date in a zone: the day over which tries are counted.
pub fn local_day(now: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(now).date()
}

text_enum! {
    /// How it is known in which zone a lead is.
    pub enum ZoneSource ("zone source") {
        /// With the lead, by a person or their system.
        Given = "given",
        /// From the lead's postal code.
        PostalCode = "postal_code",
        /// From the prefix of the phone number.
        PhoneNumber = "phone_number",
        /// Nothing is known: the zone of the organization.
        Organization = "organization",
    }
}

/// Every zone in which a lead may be, at least one. A call must be allowed in each of them. As JSON, the names of the zones
/// and the source: `{"zones": ["America/Chicago"], "source": "phone_number"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenLeadZone", into = "WrittenLeadZone")]
pub struct LeadZone {
    zones: Vec<TimeZone>,
    source: ZoneSource,
}

/// The JSON form.
#[derive(Serialize, Deserialize)]
struct WrittenLeadZone {
    zones: Vec<String>,
    source: ZoneSource,
}

impl TryFrom<WrittenLeadZone> for LeadZone {
    type Error = TimeZoneError;

    fn try_from(written: WrittenLeadZone) -> Result<Self, Self::Error> {
        let zones = written.zones.iter().map(|name| named(name)).collect::<Result<Vec<_>, _>>()?;
        if zones.is_empty() {
            return Err(TimeZoneError::Unknown(String::new()));
        }
        Ok(Self { zones, source: written.source })
    }
}

impl From<LeadZone> for WrittenLeadZone {
    fn from(zone: LeadZone) -> Self {
        Self { zones: zone.names().map(str::to_owned).collect(), source: zone.source }
    }
}

impl LeadZone {
    /// A given zone wins; else all zones of the postal code; else all of the number's prefix; else the organization's. A
    /// postal code is read as one of North America beside a number of North America only. `phone` is `None` if it cannot be
    /// read.
    pub fn of(
        given: Option<&TimeZone>,
        postal_code: Option<&str>,
        phone: impl Into<Option<PhoneNumber>>,
        organization: &TimeZone,
    ) -> Self {
        if let Some(given) = given {
            return Self { zones: vec![given.clone()], source: ZoneSource::Given };
        }
        let phone = phone.into();
        let is_north_american = phone.is_some_and(|phone| phone.area_code().is_some());
        let of_code = postal_code.filter(|_| is_north_american).map_or(&[][..], postal_code_zones::zones_of);
        let of_phone = phone.map_or(&[][..], phone_time_zones::zones_of);
        let of_organization = std::slice::from_ref(organization);
        let sources = [
            (of_code, ZoneSource::PostalCode),
            (of_phone, ZoneSource::PhoneNumber),
            (of_organization, ZoneSource::Organization),
        ];
        let known = sources.into_iter().find(|(zones, _)| !zones.is_empty());
        let (zones, source) = known.unwrap_or((of_organization, ZoneSource::Organization));
        Self { zones: zones.to_vec(), source }
    }

    pub fn zones(&self) -> &[TimeZone] {
        &self.zones
    }

    pub fn source(&self) -> ZoneSource {
        self.source
    }

    /// IANA names, in the order of [`LeadZone::zones`].
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.zones.iter().filter_map(TimeZone::iana_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let name = match parse(text) {
            Ok(zone) => zone.iana_name().unwrap().to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(name, expected);
    }

    #[test]
    fn zones_are_read_as_people_write_them() {
        check("America/New_York", "America/New_York");
        check(" america/new york ", "America/New_York");
        check("Eastern", "America/New_York");
        check("EST", "America/New_York");
        check("Eastern Time (US & Canada)", "America/New_York");
        check("Pacific Standard Time", "America/Los_Angeles");
        check("PT", "America/Los_Angeles");
        check("Mountain Time", "America/Denver");
        check("US/Central", "US/Central");
        check("UTC", "UTC");
        check("Asia/Kolkata", "Asia/Kolkata");
    }

    #[test]
    fn what_names_no_single_zone_is_refused_with_the_reason() {
        check("Mars/Olympus", "\"Mars/Olympus\" is no time zone; write it like America/New_York");
        check("", "\"\" is no time zone; write it like America/New_York");
        check("MST", "\"MST\" may be America/Denver or America/Phoenix; write the one that is meant");
        let offset = "is an offset, which a clock change makes wrong; write a zone like America/New_York";
        check("UTC-5", &format!("\"UTC-5\" {offset}"));
        check("+01:00", &format!("\"+01:00\" {offset}"));
    }

    #[track_caller]
    fn check_lead(given: Option<&str>, postal_code: Option<&str>, phone: &str, expected: &str) {
        let given = given.map(|name| named(name).unwrap());
        let phone = PhoneNumber::from_e164(phone).unwrap();
        let lead = LeadZone::of(given.as_ref(), postal_code, phone, &named("Europe/Berlin").unwrap());
        let names: Vec<_> = lead.names().collect();
        assert_eq!(format!("{}: {}", lead.source(), names.join(" ")), expected);
    }

    #[test]
    fn what_is_known_best_tells_the_zone() {
        check_lead(Some("America/Denver"), Some("94103"), "+13125550146", "given: America/Denver");
        check_lead(None, Some("94103"), "+13125550146", "postal_code: America/Los_Angeles");
        check_lead(None, Some("97910"), "+13125550146", "postal_code: America/Denver America/Los_Angeles");
        check_lead(
            None,
            Some("V6B 1A1"),
            "+16045550146",
            "postal_code: America/Denver America/Los_Angeles America/Phoenix",
        );
        check_lead(None, Some("somewhere"), "+13125550146", "phone_number: America/Chicago");
        check_lead(None, None, "+17015550146", "phone_number: America/Denver America/North_Dakota/Center");
        check_lead(None, Some("60614"), "+18005550100", "postal_code: America/Chicago");
        check_lead(None, None, "+18005550100", "organization: Europe/Berlin");
    }

    #[test]
    fn a_postal_code_of_another_country_is_not_taken_for_a_zip_code() {
        check_lead(None, Some("10115"), "+4930901820", "phone_number: Europe/Berlin");
    }

    #[test]
    fn the_local_day_changes_at_local_midnight() {
        let zone = named("Asia/Kathmandu").unwrap();
        let day = |now: &str| local_day(now.parse().unwrap(), &zone).to_string();
        assert_eq!(day("2026-03-04T18:14:59Z"), "2026-03-04");
        assert_eq!(day("2026-03-04T18:15:00Z"), "2026-03-05");
    }
}
