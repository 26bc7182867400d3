//! What each column of a lead file is for: told by whoever imports it, else by its head, else by its values.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;

use super::heads::{
    EXTERNAL_ID_HEADS, FIRST_NAME_HEADS, LAST_NAME_HEADS, NAME_HEADS, PERHAPS_PHONE, PHONE_HEADS, POSTAL_CODE_HEADS,
    TIME_ZONE_HEADS,
};
use super::variable_name::{squeezed, variable_name};
use super::{COLUMNS_MAX, LeadFileError, LeadFileOptions};
use crate::domain::phone_number::PhoneNumber;

/// A column whose head tells nothing holds phones if at least this share of its filled cells are phones.
const PHONE_SHARE_MIN: (usize, usize) = (3, 5);

/// What a column is used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRole {
    Phone,
    /// The whole name.
    Name,
    /// Part of the name, and a variable of the call too.
    FirstName,
    LastName,
    TimeZone,
    /// Tells the zone, and is a variable of the call too.
    PostalCode,
    /// The lead's id in the organization's own system.
    ExternalId,
    /// A variable of the call, named after the head.
    Variable,
    Ignored,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// As written in the file, or `Column 3` where it has no head.
    pub head: String,
    pub role: ColumnRole,
    /// The name under which prompts use it, if they do.
    pub variable: Option<String>,
}

/// The columns of a file, and whether its first row is a head.
pub(super) struct Columns {
    pub(super) all: Vec<Column>,
    pub(super) phone: usize,
    pub(super) has_head: bool,
}

/// Tells the columns from the first rows of a file, at least one.
pub(super) fn tell_columns(sample: &[StringRecord], options: &LeadFileOptions) -> Result<Columns, LeadFileError> {
    let [first, below @ ..] = sample else {
        return Err(LeadFileError::Empty);
    };
    if first.len() > COLUMNS_MAX {
        return Err(LeadFileError::TooManyColumns(first.len()));
    }
    let is_phone = |cell: &str| PhoneNumber::parse(cell, options.country).is_ok();
    let has_head = !first.iter().any(is_phone);
    let values = if has_head { below } else { sample };
    let head = |(place, cell): (usize, &str)| {
        let written = cell.trim();
        if has_head && !written.is_empty() { written.to_owned() } else { format!("Column {}", place + 1) }
    };
    let heads: Vec<String> = first.iter().enumerate().map(head).collect();
    let counts = |place: usize| {
        let cells = values.iter().filter_map(|row| row.get(place)).filter(|cell| !cell.trim().is_empty());
        cells.fold((0, 0), |(phones, filled), cell| (phones + usize::from(is_phone(cell)), filled + 1))
    };
    let roles = match &options.columns {
        Some(told) => told_roles(&heads, told)?,
        None => guessed_roles(&heads, counts),
    };
    let Some(phone) = roles.iter().position(|role| *role == ColumnRole::Phone) else {
        return Err(LeadFileError::NoPhoneColumn { seen: heads.join(", ") });
    };
    Ok(Columns { all: named(heads, roles), phone, has_head })
}

fn told_roles(heads: &[String], told: &BTreeMap<String, ColumnRole>) -> Result<Vec<ColumnRole>, LeadFileError> {
    if let Some(missing) = told.keys().find(|head| !heads.contains(head)) {
        return Err(LeadFileError::NoSuchColumn { head: missing.clone(), seen: heads.join(", ") });
    }
    Ok(heads.iter().map(|head| told.get(head).cloned().unwrap_or(ColumnRole::Variable)).collect())
}

/// `counts` gives how many cells of a column are phones, and how many are filled.
fn guessed_roles(heads: &[String], counts: impl Fn(usize) -> (usize, usize)) -> Vec<ColumnRole> {
    let squeezed: Vec<String> = heads.iter().map(|head| squeezed(head)).collect();
    let by_head = |aliases: &[&str]| aliases.iter().find_map(|alias| squeezed.iter().position(|head| head == alias));
    let mut roles = vec![ColumnRole::Variable; heads.len()];
    let fields = [
        (NAME_HEADS, ColumnRole::Name),
        (FIRST_NAME_HEADS, ColumnRole::FirstName),
        (LAST_NAME_HEADS, ColumnRole::LastName),
        (TIME_ZONE_HEADS, ColumnRole::TimeZone),
        (POSTAL_CODE_HEADS, ColumnRole::PostalCode),
        (EXTERNAL_ID_HEADS, ColumnRole::ExternalId),
    ];
    for (aliases, role) in fields {
        if let Some(place) = by_head(aliases) {
            roles[place] = role;
        }
    }
    let is_filled = |place: &usize| counts(*place).1 > 0;
    let all_aliases = PHONE_HEADS.iter().filter_map(|alias| squeezed.iter().position(|head| head == alias));
    let named = all_aliases.clone().find(is_filled).or_else(|| by_values(&squeezed, &counts));
    if let Some(place) = named.or_else(|| by_head(PHONE_HEADS)) {
        roles[place] = ColumnRole::Phone;
    }
    roles
}

/// The column with the most phones; one whose head speaks of phones wins over others.
fn by_values(squeezed: &[String], counts: impl Fn(usize) -> (usize, usize)) -> Option<usize> {
    let (part, whole) = PHONE_SHARE_MIN;
    let mut best = None;
    for (place, head) in squeezed.iter().enumerate() {
        let (phones, filled) = counts(place);
        if phones == 0 || phones * whole < filled * part {
            continue;
        }
        let speaks_of_phones = PERHAPS_PHONE.iter().any(|word| head.contains(word));
        if best.is_none_or(|(score, _)| (speaks_of_phones, phones) > score) {
            best = Some(((speaks_of_phones, phones), place));
        }
    }
    best.map(|(_, place)| place)
}

fn named(heads: Vec<String>, roles: Vec<ColumnRole>) -> Vec<Column> {
    let mut taken = BTreeSet::new();
    let column = |(place, (head, role)): (usize, (String, ColumnRole))| {
        let variable = match role {
            ColumnRole::FirstName => Some("first_name".to_owned()),
            ColumnRole::LastName => Some("last_name".to_owned()),
            ColumnRole::PostalCode | ColumnRole::Variable => Some(variable_name(&head, place + 1, &taken)),
            ColumnRole::Phone
            | ColumnRole::Name
            | ColumnRole::TimeZone
            | ColumnRole::ExternalId
            | ColumnRole::Ignored => None,
        };
        taken.extend(variable.clone());
        Column { head, role, variable }
    };
    heads.into_iter().zip(roles).enumerate().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phone_number::Country;

    fn options() -> LeadFileOptions {
        LeadFileOptions { country: Country::parse("US").unwrap(), columns: None }
    }

    /// Checks the roles told from comma-separated rows.
    #[track_caller]
    fn check_with(options: &LeadFileOptions, rows: &[&str], expected: &str) {
        let sample: Vec<StringRecord> = rows.iter().map(|row| row.split(',').collect()).collect();
        let told = match tell_columns(&sample, options) {
            Ok(columns) => columns
                .all
                .iter()
                .map(|column| match &column.variable {
                    Some(variable) => format!("{:?} {variable}", column.role),
                    None => format!("{:?}", column.role),
                })
                .collect::<Vec<_>>()
                .join(", "),
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[track_caller]
    fn check(rows: &[&str], expected: &str) {
        check_with(&options(), rows, expected);
    }

    #[test]
    fn columns_are_told_by_their_heads_in_any_order() {
        check(&["Name,Phone", "Ann,3125550146"], "Name, Phone");
        check(&["phone_number,First name,Last name"], "Phone, FirstName first_name, LastName last_name");
        check(&["Time zone,External ID,Mobile,E-Mail"], "TimeZone, ExternalId, Phone, Variable e_mail");
        check(&["Zip,Name,Phone", "60614,Ann,3125550146"], "PostalCode zip, Name, Phone");
        check(&["Vorname,Nachname,Telefon,Zeitzone"], "FirstName first_name, LastName last_name, Phone, TimeZone");
        check(&["Phone,Date,Plan,Plan"], "Phone, Variable lead_date, Variable plan, Variable plan_2");
    }

    #[test]
    fn of_two_phones_the_better_head_wins_if_it_is_filled() {
        check(&["Mobile,Phone", "3125550146,3125550147"], "Variable mobile, Phone");
        check(&["Mobile,Phone", "3125550146,"], "Phone, Variable phone");
    }

    #[test]
    fn a_phone_column_without_a_telling_head_is_told_by_its_values() {
        check(&["Who,Reach at", "Ann,3125550146", "Bob,n/a", "Cid,(312) 555-0147"], "Variable who, Phone");
        check(&["Phone 1 - Label,Phone 1 - Value", "Mobile,3125550146"], "Variable phone_1_label, Phone");
        check(&["Fax line,Contact number", "3125550146,3125550147"], "Variable fax_line, Phone");
    }

    #[test]
    fn a_file_without_heads_has_numbered_columns() {
        check(&["Ann,3125550146", "Bob,3125550147"], "Variable column_1, Phone");
    }

    #[test]
    fn without_a_phone_column_the_error_lists_what_was_seen() {
        let expected = "no column holds phone numbers; the columns are: Who, Where";
        check(&["Who,Where", "Ann,Chicago"], expected);
        check(&[], "the file is empty");
    }

    #[test]
    fn told_columns_are_used_as_told() {
        let told = [("B".to_owned(), ColumnRole::Phone), ("C".to_owned(), ColumnRole::Ignored)];
        let options = LeadFileOptions { columns: Some(told.into()), ..options() };
        check_with(&options, &["A,B,C", "1,2,3"], "Variable a, Phone, Ignored");
        check_with(&options, &["A,B", "1,2"], "there is no column \"C\"; the columns are: A, B");
    }
}
