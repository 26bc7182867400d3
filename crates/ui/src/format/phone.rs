//! Phone numbers.

/// An E.164 number in groups: `+1 312 555 0146`. Numbers outside of North America are left as they are.
pub fn phone(e164: &str) -> String {
    match e164.strip_prefix("+1") {
        Some(number) if number.len() == 10 && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("+1 {} {} {}", &number[..3], &number[3..6], &number[6..])
        }
        _ => e164.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_north_american_number_is_grouped() {
        assert_eq!(phone("+13125550146"), "+1 312 555 0146");
    }

    #[test]
    fn any_other_text_is_left_alone() {
        for text in ["+442079460018", "+1312555", "+1312555014é", "anonymous"] {
            assert_eq!(phone(text), text);
        }
    }
}
