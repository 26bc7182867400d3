//! Where the demo's leads and organizations are. The zones are written here by hand, apart from the table that the dialer
//! uses, so that the report can check one against the other.

/// An area with its fictitious numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub city: &'static str,
    pub zone: &'static str,
    pub country: &'static str,
    /// What a number begins with.
    pub prefix: &'static str,
}

const fn us(city: &'static str, zone: &'static str, prefix: &'static str) -> Place {
    Place { city, zone, country: "US", prefix }
}

/// Areas of one zone each.
pub(super) const PLACES: &[Place] = &[
    us("New York", "America/New_York", "+1212"),
    us("Chicago", "America/Chicago", "+1312"),
    us("Denver", "America/Denver", "+1303"),
    us("Los Angeles", "America/Los_Angeles", "+1310"),
    us("Atlanta", "America/New_York", "+1404"),
    us("Dallas", "America/Chicago", "+1214"),
    us("Phoenix", "America/Phoenix", "+1602"),
    us("San Francisco", "America/Los_Angeles", "+1415"),
    us("Boston", "America/New_York", "+1617"),
    us("Houston", "America/Chicago", "+1713"),
    us("Salt Lake City", "America/Denver", "+1801"),
    us("Seattle", "America/Los_Angeles", "+1206"),
    us("Miami", "America/New_York", "+1305"),
    us("Minneapolis", "America/Chicago", "+1612"),
    us("Albuquerque", "America/Denver", "+1505"),
    us("San Diego", "America/Los_Angeles", "+1619"),
    us("Philadelphia", "America/New_York", "+1215"),
    us("New Orleans", "America/Chicago", "+1504"),
    us("Colorado Springs", "America/Denver", "+1719"),
    us("Portland", "America/Los_Angeles", "+1503"),
    us("Charlotte", "America/New_York", "+1704"),
    us("Milwaukee", "America/Chicago", "+1414"),
    us("Las Vegas", "America/Los_Angeles", "+1702"),
    us("Cleveland", "America/New_York", "+1216"),
    Place { city: "London", zone: "Europe/London", country: "GB", prefix: "+44207946" },
];

/// Numbers of an area that belong to leads; those after them are the organizations' own.
const LEADS_PER_PLACE: u32 = 80;
const NUMBERS_PER_PLACE: u32 = 20;

impl Place {
    /// The `nth` phone of a lead here.
    pub(super) fn lead_phone(&self, nth: u32) -> String {
        self.phone(nth / LEADS_PER_PLACE, nth % LEADS_PER_PLACE)
    }

    /// The `nth` number that an organization here calls from.
    pub(super) fn own_number(&self, nth: u32) -> String {
        self.phone(nth / NUMBERS_PER_PLACE, LEADS_PER_PLACE + nth % NUMBERS_PER_PLACE)
    }

    /// Ranges that regulators keep for fiction: 555-0100 to 0199 in North America, 020 7946 0000 to 0999 in London. A world
    /// with more leads than those have goes on in other exchanges; the provider is made up, and nothing is dialed.
    fn phone(&self, block: u32, line: u32) -> String {
        match self.country {
            "GB" => format!("{}{:04}", self.prefix, block % 100 * 100 + line),
            _ if block == 0 => format!("{}55501{line:02}", self.prefix),
            _ => format!("{}{}01{line:02}", self.prefix, 200 + block % 700),
        }
    }
}

/// The place of a phone; `None` for one that is not the demo's.
pub(super) fn place_of(phone: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| phone.starts_with(place.prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phone_number::PhoneNumber;
    use crate::domain::time_zone::{self, LeadZone};

    #[test]
    fn every_phone_may_be_called_and_is_where_the_place_says() {
        let utc = time_zone::named("UTC").unwrap();
        for place in PLACES {
            for phone in [place.lead_phone(0), place.lead_phone(79), place.lead_phone(80), place.own_number(7)] {
                let number = PhoneNumber::from_e164(&phone).unwrap();
                assert!(number.kind().may_be_called(), "{phone}");
                let zone = LeadZone::of(None, None, number, &utc);
                assert_eq!(zone.names().collect::<Vec<_>>(), [place.zone], "{phone}");
            }
        }
    }

    #[test]
    fn no_two_people_have_one_phone() {
        let phones: std::collections::HashSet<String> =
            PLACES.iter().flat_map(|place| (0..500).map(|nth| place.lead_phone(nth))).collect();

        assert_eq!(phones.len(), PLACES.len() * 500);
    }
}
