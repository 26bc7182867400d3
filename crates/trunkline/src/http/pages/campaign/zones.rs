//! Calling hours in each zone where leads are left.

use crate::domain::calling_hours::CallingHours;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::time_zone::{self, LeadZone};
use crate::store::campaign_live::ZoneGroup;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ui::view::ZoneHours;

/// Zones that are shown; those with the most leads.
const ZONES_MAX: usize = 12;

/// East to west. A lead that may be in several zones stands under the first of them.
pub(super) fn hours(
    groups: &[ZoneGroup],
    hours: &CallingHours,
    organization: &TimeZone,
    now: Timestamp,
) -> Vec<ZoneHours> {
    let mut zones: Vec<(TimeZone, u64)> = Vec::new();
    for group in groups {
        let zone = zone_of(group, organization);
        match zones.iter_mut().find(|(known, _)| *known == zone) {
            Some((_, leads)) => *leads += group.leads,
            None => zones.push((zone, group.leads)),
        }
    }
    zones.sort_by_key(|(_, leads)| std::cmp::Reverse(*leads));
    zones.truncate(ZONES_MAX);
    zones.sort_by_key(|(zone, _)| std::cmp::Reverse(zone.to_offset(now).seconds()));
    zones.into_iter().map(|(zone, leads)| zone_hours(zone, leads, hours, now)).collect()
}

fn zone_of(group: &ZoneGroup, organization: &TimeZone) -> TimeZone {
    let given = group.time_zone.as_deref().and_then(|name| time_zone::named(name).ok());
    match PhoneNumber::from_e164(&group.phone) {
        Ok(phone) => LeadZone::of(given.as_ref(), group.postal_code.as_deref(), phone, organization).zones()[0].clone(),
        Err(_) => given.unwrap_or_else(|| organization.clone()),
    }
}

fn zone_hours(zone: TimeZone, leads_left: u64, hours: &CallingHours, now: Timestamp) -> ZoneHours {
    let windows = hours.windows_on(time_zone::local_day(now, &zone));
    let today = windows.first().zip(windows.last());
    let today = today.map(|(first, last)| (time(first.opens_minute()), time(last.closes_minute())));
    let next = hours.next_open(now, std::slice::from_ref(&zone), SignedDuration::ZERO);
    ZoneHours { zone, today, opens_at: next.filter(|opens| *opens > now), leads_left }
}

/// The midnight at a day's end is its last instant.
fn time(minute: u16) -> Time {
    let (hour, minute) = (minute / 60, minute % 60);
    let part = |number: u16| i8::try_from(number).unwrap_or(0);
    Time::new(part(hour), part(minute), 0, 0).unwrap_or(Time::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(time_zone: Option<&str>, phone: &str, leads: u64) -> ZoneGroup {
        ZoneGroup { time_zone: time_zone.map(str::to_owned), postal_code: None, phone: phone.to_owned(), leads }
    }

    #[test]
    fn leads_stand_under_the_zone_that_is_given_or_else_that_of_their_phone() {
        let groups = [
            group(None, "+13125550146", 3),
            group(Some("America/New_York"), "+13125550147", 2),
            group(Some("America/Chicago"), "+12125550146", 1),
        ];
        let open: CallingHours = serde_json::from_str(r#"{"tue": ["09:00-17:00"]}"#).unwrap();
        let now = "2026-11-24T14:30:00Z".parse().unwrap();

        let zones = hours(&groups, &open, &TimeZone::UTC, now);

        let told: Vec<_> = zones
            .iter()
            .map(|zone| (zone.zone.iana_name().unwrap(), zone.leads_left, zone.opens_at.map(|at| at.to_string())))
            .collect();
        let chicago_opens = Some("2026-11-24T15:00:00Z".to_owned());
        assert_eq!(told, [("America/New_York", 2, None), ("America/Chicago", 4, chicago_opens)]);
        assert_eq!(zones[0].today, Some((Time::constant(9, 0, 0, 0), Time::constant(17, 0, 0, 0))));
    }
}
