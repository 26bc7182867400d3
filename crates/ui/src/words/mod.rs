//! Words for people: plurals, and what a provider's codes mean.

mod ended;

pub use ended::how_it_ended;

/// A number and its noun: `1 call`, `2,100 calls`. The plural is the singular with an `s`.
pub fn count(number: u64, noun: &str) -> String {
    count_of(number, noun, &format!("{noun}s"))
}

/// The same for a noun whose plural is another word: `count_of(2, "person", "people")`.
pub fn count_of(number: u64, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", crate::format::thousands(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_nothing_is_plural() {
        assert_eq!(count(1, "call"), "1 call");
        assert_eq!(count(0, "call"), "0 calls");
        assert_eq!(count(4120, "lead"), "4,120 leads");
        assert_eq!(count_of(2, "person", "people"), "2 people");
    }
}
