//! Who the demo's clients are, what they call about, and what people are called.

/// A kind of client with what it calls about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trade {
    /// The second half of a company's name.
    pub word: &'static str,
    pub campaign: &'static str,
    /// A second campaign that some clients have.
    pub other_campaign: &'static str,
    /// Calling hours of its campaigns, in the lead's zone.
    pub opens: &'static str,
    pub closes: &'static str,
}

pub(super) const TRADES: &[Trade] = &[
    Trade {
        word: "Dental",
        campaign: "Six-month recall",
        other_campaign: "New patient welcome",
        opens: "09:00",
        closes: "17:30",
    },
    Trade {
        word: "Solar",
        campaign: "Quote follow-up",
        other_campaign: "Survey after installation",
        opens: "09:00",
        closes: "20:00",
    },
    Trade {
        word: "Legal",
        campaign: "Intake call-back",
        other_campaign: "Document reminder",
        opens: "09:00",
        closes: "18:00",
    },
    Trade {
        word: "Realty",
        campaign: "Open-house invitations",
        other_campaign: "Home value review",
        opens: "10:00",
        closes: "19:00",
    },
    Trade {
        word: "Fitness",
        campaign: "Win-back",
        other_campaign: "Trial week check-in",
        opens: "09:00",
        closes: "20:00",
    },
    Trade {
        word: "Roofing",
        campaign: "Storm season inspection",
        other_campaign: "Estimate follow-up",
        opens: "08:00",
        closes: "18:00",
    },
    Trade {
        word: "Insurance",
        campaign: "Renewal review",
        other_campaign: "Policy check",
        opens: "09:00",
        closes: "19:00",
    },
    Trade {
        word: "Auto",
        campaign: "Service reminder",
        other_campaign: "Recall notice",
        opens: "08:00",
        closes: "18:00",
    },
    Trade {
        word: "Veterinary",
        campaign: "Vaccination reminder",
        other_campaign: "Check-up after surgery",
        opens: "09:00",
        closes: "17:30",
    },
    Trade {
        word: "Plumbing",
        campaign: "Maintenance plan",
        other_campaign: "Review request",
        opens: "08:00",
        closes: "18:00",
    },
];

pub(super) const COMPANY_NAMES: &[&str] = &[
    "Northwind",
    "Brightpath",
    "Harbor",
    "Cedar",
    "Fable",
    "Summit",
    "Lakeside",
    "Ironwood",
    "Bluebird",
    "Prairie",
    "Anchor",
    "Willow",
    "Granite",
    "Sunrise",
    "Maple",
    "Canyon",
    "Beacon",
    "Meadow",
    "Pinnacle",
    "Orchard",
    "Riverbend",
    "Keystone",
    "Juniper",
    "Evergreen",
    "Copper",
];

pub(super) const AGENT_NAMES: &[&str] = &["Ava", "Milo", "Nora", "Sol", "Juno", "Theo", "Iris", "Max", "Luna", "Finn"];

pub(super) const FIRST_NAMES: &[&str] = &[
    "Maya", "Owen", "Aisha", "Hugo", "Elena", "Dev", "Grace", "Tomás", "Priya", "Jonas", "Carla", "Noor", "Pete",
    "Lucía", "Marcus", "Ingrid", "Kwame", "Sofia", "Daniel", "Yuki", "Ruth", "Omar", "Clara", "Ben", "Amara", "Leo",
    "Nina", "Victor", "Hana", "Samuel", "Zoë", "Andre",
];

pub(super) const LAST_NAMES: &[&str] = &[
    "Lindqvist",
    "Moreno",
    "Quintero",
    "Okafor",
    "Chandra",
    "Kowalski",
    "Reyes",
    "Novak",
    "Garner",
    "Becker",
    "Doyle",
    "Ekström",
    "Alvarez",
    "Fuller",
    "Prentice",
    "Hassan",
    "Tanaka",
    "Mbeki",
    "Rossi",
    "Nguyen",
    "O’Brien",
    "Schneider",
    "Petrov",
    "Silva",
    "Walsh",
    "Haddad",
    "Larsen",
    "Bauer",
    "Costa",
    "Ito",
];

/// The name of client `nth`: names are combined with trades, and counted when they run out.
pub(super) fn company_name(nth: usize) -> String {
    let round = nth / (COMPANY_NAMES.len() * TRADES.len());
    let name = COMPANY_NAMES[nth % COMPANY_NAMES.len()];
    let trade = trade(nth).word;
    if round == 0 { format!("{name} {trade}") } else { format!("{name} {trade} {}", round + 1) }
}

/// The trade of client `nth`. The shift after each round of names makes new pairs of the two.
pub(super) fn trade(nth: usize) -> &'static Trade {
    &TRADES[(nth % COMPANY_NAMES.len() + nth / COMPANY_NAMES.len()) % TRADES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_clients_have_one_name() {
        let names: std::collections::HashSet<String> = (0..1200).map(company_name).collect();

        assert_eq!(names.len(), 1200);
    }
}
