//! What does not change in a run: who is to be called, where, when, and from what.

use rand::Rng;
use rand::rngs::StdRng;
use std::collections::BTreeSet;
use trunkline::domain::calling_hours::{CallingHours, Window};
use trunkline::domain::ids::{LinePoolId, PhoneNumberId, ProviderAccountId};
use trunkline::domain::phone_number::PhoneNumber;
use trunkline::domain::time_zone::{self, LeadZone};

const ZONES: [(&str, &str); 4] = [
    ("America/New_York", "+1212555"),
    ("America/Los_Angeles", "+1213555"),
    ("America/Chicago", "+1312555"),
    ("Asia/Kolkata", "+9111235"),
];

/// A person to be called.
#[derive(Debug)]
pub(crate) struct Lead {
    pub(crate) number: PhoneNumber,
    pub(crate) zone: LeadZone,
}

/// What does not change in a run.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) leads: Vec<Lead>,
    pub(crate) hours: CallingHours,
    pub(crate) phone_number: PhoneNumberId,
    pub(crate) account: ProviderAccountId,
    pub(crate) pool: LinePoolId,
    pub(crate) lines_max: i32,
    pub(crate) calls_per_day_max: i32,
    pub(crate) calls_per_page: u16,
}

impl Setting {
    pub(crate) fn draw(rng: &mut StdRng) -> Self {
        let leads = (0..rng.random_range(4..14))
            .map(|place| {
                let (zone, prefix) = ZONES[rng.random_range(0..ZONES.len())];
                let number =
                    PhoneNumber::from_e164(&format!("{prefix}{:04}", 100 + place)).expect("the prefixes are real");
                let given = time_zone::named(zone).expect("the zones are known");
                Lead { number, zone: LeadZone::of(Some(&given), None, number, &given) }
            })
            .collect();
        let all_day = rng.random_bool(0.3);
        Self {
            leads,
            hours: if all_day { CallingHours::always() } else { nine_to_eight() },
            phone_number: PhoneNumberId(uuid::Uuid::from_u128(1)),
            account: ProviderAccountId(uuid::Uuid::from_u128(2)),
            pool: LinePoolId(uuid::Uuid::from_u128(3)),
            lines_max: rng.random_range(1..5),
            calls_per_day_max: rng.random_range(6..40),
            calls_per_page: rng.random_range(2..6),
        }
    }
}

fn nine_to_eight() -> CallingHours {
    let window = Window::new(9 * 60, 20 * 60).expect("nine comes before eight in the evening");
    CallingHours::new(std::array::from_fn(|_| vec![window]), BTreeSet::new()).expect("one window a day is few")
}
