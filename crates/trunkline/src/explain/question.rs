//! What is asked about, as people and programs write it: an id, or a phone, a number or a name.

use crate::domain::ids::{CampaignId, LeadId, PhoneNumberId};
use crate::domain::phone_number::PhoneNumber;

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    Lead(LeadKey),
    Campaign(CampaignKey),
    Number(NumberKey),
    Organization,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeadKey {
    Id(LeadId),
    /// In E.164.
    Phone(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CampaignKey {
    Id(CampaignId),
    Name(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberKey {
    Id(PhoneNumberId),
    /// In E.164.
    Number(String),
}

impl LeadKey {
    /// `None` if it is neither an id nor a phone with its country code.
    pub fn read(text: &str) -> Option<Self> {
        let id = text.trim().parse().ok().map(Self::Id);
        id.or_else(|| phone(text).map(Self::Phone))
    }
}

impl NumberKey {
    /// `None` if it is neither an id nor a number with its country code.
    pub fn read(text: &str) -> Option<Self> {
        let id = text.trim().parse().ok().map(Self::Id);
        id.or_else(|| phone(text).map(Self::Number))
    }
}

impl CampaignKey {
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        text.parse().map_or_else(|_| Self::Name(text.to_owned()), Self::Id)
    }
}

/// As people write it, with its country code; the plus sign may have got lost in an address.
fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    PhoneNumber::from_e164(&format!("+{digits}")).ok().map(|phone| phone.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_asked_about_by_id_or_phone() {
        let id = "01946f00-0000-7000-8000-00000000000a";
        let maya = LeadKey::Phone("+12125550146".to_owned());

        assert_eq!(LeadKey::read(id), Some(LeadKey::Id(id.parse().unwrap())));
        assert_eq!(LeadKey::read("+1 (212) 555-0146"), Some(maya.clone()));
        assert_eq!(LeadKey::read(" 12125550146"), Some(maya));
        assert_eq!(LeadKey::read("Maya"), None);
    }
}
