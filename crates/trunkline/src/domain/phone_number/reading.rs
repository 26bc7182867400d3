//! Finds the phone number in what a person or a spreadsheet wrote, or says why there is none.

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber as Parsed, PhoneNumberFormat, Region, ValidationError,
};

use super::cleaning::{digit_count, rule_out, shortened, undecorated};
use super::error::{Digits, PhoneNumberError};
use super::{Country, PhoneNumber};

/// Lengths of national numbers that are asked for: E.164 has none that is longer.
const NATIONAL_DIGITS_MAX: u32 = 15;

pub(super) fn read(text: &str, country: Country) -> Result<PhoneNumber, PhoneNumberError> {
    let cleaned = undecorated(text);
    if cleaned.is_empty() {
        return Err(PhoneNumberError::Empty);
    }
    rule_out(&cleaned)?;
    let parsed = parse_either_way(&cleaned, country)?;
    if parsed.extension.is_some() {
        return Err(PhoneNumberError::HasExtension(shortened(&cleaned)));
    }
    if !parsed.is_valid() {
        return Err(why_invalid(&cleaned, &parsed));
    }
    PhoneNumber::from_e164(&parsed.format_as(PhoneNumberFormat::E164))
}

/// As the country writes it, else with a leading `00` as `+`, which many countries write and some do not.
fn parse_either_way(text: &str, country: Country) -> Result<Parsed, PhoneNumberError> {
    let national = parse(text, Some(country.0));
    if national.as_ref().is_ok_and(Parsed::is_valid) {
        return national;
    }
    let after_zeros = text.trim_start_matches(|c: char| c == '(' || c.is_whitespace()).strip_prefix("00");
    match after_zeros.map(|rest| parse(&format!("+{rest}"), None)) {
        Some(Ok(international)) => Ok(international),
        Some(Err(_)) | None => national,
    }
}

fn parse(text: &str, region: Option<Region>) -> Result<Parsed, PhoneNumberError> {
    PHONE_NUMBER_UTIL.parse(text, region).map_err(|error| match error {
        ParseError::InvalidCountryCode => PhoneNumberError::UnknownCountryCode(shortened(text)),
        ParseError::TooLongNsn => PhoneNumberError::TooLong(Digits {
            number: shortened(text),
            count: digit_count(text),
            needed: region.map_or_else(Vec::new, |region| {
                let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region).unwrap_or_default();
                possible_lengths(code)
            }),
        }),
        ParseError::NotANumber(_) | ParseError::TooShortAfterIdd | ParseError::TooShortNsn => {
            PhoneNumberError::NotANumber(shortened(text))
        }
    })
}

fn why_invalid(text: &str, parsed: &Parsed) -> PhoneNumberError {
    let national = parsed.get_national_significant_number();
    let number = if digit_count(text) == national.len() {
        shortened(text)
    } else {
        format!("{national} (after +{})", parsed.country_code)
    };
    let digits = || Digits { number, count: national.len(), needed: possible_lengths(parsed.country_code) };
    match parsed.is_possible_with_reason() {
        Err(ValidationError::TooShort | ValidationError::InvalidLength) => PhoneNumberError::TooShort(digits()),
        Err(ValidationError::TooLong) => PhoneNumberError::TooLong(digits()),
        Err(ValidationError::InvalidCountryCode) => PhoneNumberError::UnknownCountryCode(shortened(text)),
        Ok(NumberLengthType::IsPossibleLocalOnly) => PhoneNumberError::LacksAreaCode(digits()),
        Ok(NumberLengthType::IsPossible) => {
            PhoneNumberError::InNoRange { number: shortened(text), country_code: parsed.country_code }
        }
    }
}

/// How many digits a national number of a country calling code may have.
fn possible_lengths(country_code: i32) -> Vec<u32> {
    let is_possible = |length: &u32| {
        let number = Parsed { country_code, national_number: 10_u64.pow(length - 1), ..Parsed::default() };
        number.is_possible_with_reason() == Ok(NumberLengthType::IsPossible)
    };
    (1..=NATIONAL_DIGITS_MAX).filter(is_possible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what the text is read as in a country: a number or the reason why not.
    #[track_caller]
    fn check(country: &str, text: &str, expected: &str) {
        let read = match read(text, Country::parse(country).unwrap()) {
            Ok(phone) => phone.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn national_numbers_are_read_in_their_country() {
        check("US", "(312) 555-0146", "+13125550146");
        check("US", "312.555.0146", "+13125550146");
        check("US", "1-312-555-0146", "+13125550146");
        check("US", "13125550146", "+13125550146");
        check("DE", "030 901820", "+4930901820");
        check("DE", "0170/1234567", "+491701234567");
        check("IT", "06 1234 5678", "+390612345678");
        check("GB", "020 7946 0958", "+442079460958");
    }

    #[test]
    fn international_numbers_are_read_in_every_country() {
        for country in ["US", "GB", "DE"] {
            check(country, "+1 312 555 0146", "+13125550146");
            check(country, "001 312 555 0146", "+13125550146");
            check(country, "00 44 20 7946 0958", "+442079460958");
            check(country, "+44 (0)20 7946 0958", "+442079460958");
            check(country, "tel:+1-312-555-0146", "+13125550146");
        }
        check("US", "011 44 20 7946 0958", "+442079460958");
        check("US", "(00) 44 20 7946 0958", "+442079460958");
    }

    #[test]
    fn what_spreadsheets_and_web_pages_add_is_taken_away() {
        check("US", "=\"+13125550146\"", "+13125550146");
        check("US", "=+13125550146", "+13125550146");
        check("US", "'3125550146", "+13125550146");
        check("US", "3125550146.0", "+13125550146");
        check("US", "  312\u{a0}555\u{a0}0146\t", "+13125550146");
        check("US", "312–555—0146", "+13125550146");
        check("US", "312‑555−0146", "+13125550146");
        check("US", "\u{202a}+1 312 555 0146\u{202c}", "+13125550146");
        check("US", "\u{feff}312 555 0146", "+13125550146");
        check("US", "３１２５５５０１４６", "+13125550146");
        check("US", "Phone: 312 555 0146", "+13125550146");
    }

    #[test]
    fn a_number_damaged_by_a_spreadsheet_is_told_apart() {
        let advice = "format the column as text and export again";
        for damaged in ["3.12555E+09", "3,12555E+09", "3.12555e9"] {
            check("US", damaged, &format!("phone was rounded by the spreadsheet: {damaged}; {advice}"));
        }
    }

    #[test]
    fn a_wrong_length_is_told_with_the_right_one() {
        check("US", "312 555 01", "phone is too short: 312 555 01 has 8 digits, 10 are needed");
        check("US", "+1 312 555 01", "phone is too short: 31255501 (after +1) has 8 digits, 10 are needed");
        check("US", "555-0146", "phone lacks its area code: 555-0146 has 7 digits, 10 are needed");
        check("US", "312 555 01467", "phone is too long: 312 555 01467 has 11 digits, 10 are needed");
        check("GB", "207 946", "phone lacks its area code: 207 946 has 6 digits, 7 to 10 are needed");
        check("US", "911", "phone is too short: 911 has 3 digits, 10 are needed");
        check("US", "31255501463125550147", "phone is too long: 31255501463125550147 has 20 digits, 10 are needed");
    }

    #[test]
    fn a_number_that_no_country_has_is_refused() {
        check("US", "312 155 0146", "phone does not exist: 312 155 0146 is in no number range of country code 1");
        check("US", "+999 123 4567", "phone has an unknown country code: +999 123 4567");
    }

    #[test]
    fn what_is_more_or_less_than_one_number_is_refused() {
        check("US", "", "phone is empty");
        check("US", " ' ", "phone is empty");
        check("US", "n/a", "phone is not a number: n/a");
        check("US", "-", "phone is not a number: -");
        check("US", "1-800-FLOWERS", "phone is not a number: 1-800-FLOWERS");
        check("US", "call 312 555 0146", "phone is not a number: call 312 555 0146");
        check("US", "2026-03-04T10:00", "phone is not a number: 2026-03-04T10:00");
        let two = "312 555 0146 / 312 555 0147";
        check("US", two, &format!("phone holds more than one number: {two}"));
        let two = "3125550146 or 3125550147";
        check("US", two, &format!("phone holds more than one number: {two}"));
        let long = "9".repeat(300);
        check("US", &long, &format!("phone is not a number: {}…", "9".repeat(40)));
    }

    #[test]
    fn an_extension_is_refused_since_it_cannot_be_dialed() {
        for text in [
            "312.555.0146 ext 5",
            "312-555-0146x5",
            "312 555 0146 Ext. 12",
            "+13125550146;ext=4",
            "030 901820 Durchwahl 7",
        ] {
            check("US", text, &format!("phone has an extension, which cannot be dialed: {text}"));
        }
    }

    proptest::proptest! {
        /// Whatever is in a cell, reading it ends, and what is read is E.164 that reads as itself.
        #[test]
        fn any_text_is_a_number_or_has_a_reason(text in ".{0,60}") {
            if let Ok(phone) = read(&text, Country::parse("US").unwrap()) {
                let again = read(&phone.to_string(), Country::parse("DE").unwrap());
                proptest::prop_assert_eq!(again, Ok(phone));
            }
        }

        #[test]
        fn any_north_american_looking_number_survives_its_own_formats(line in 2_000_000_u64..10_000_000) {
            let text = format!("312{line}");
            if let Ok(phone) = read(&text, Country::parse("US").unwrap()) {
                for format in [phone.national(), phone.international(), phone.to_string()] {
                    proptest::prop_assert_eq!(read(&format, Country::parse("US").unwrap()), Ok(phone));
                }
            }
        }
    }
}
