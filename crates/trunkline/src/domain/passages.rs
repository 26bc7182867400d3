//! A document cut into passages that fit into an answer: whole paragraphs where they are short, whole words otherwise.

/// An agent reads a passage while the person waits.
pub const PASSAGE_CHARS_MAX: usize = 1200;
/// Of one document.
pub const PASSAGES_MAX: usize = 500;
/// Of one document, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 1024 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error("the document has no text")]
    Empty,
    #[error("a document has at most {DOCUMENT_BYTES_MAX} bytes")]
    TooLarge,
    #[error("a document has at most {PASSAGES_MAX} passages of {PASSAGE_CHARS_MAX} characters")]
    TooLong,
}

/// The passages of a text, in order.
pub fn passages(text: &str) -> Result<Vec<String>, DocumentError> {
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err(DocumentError::TooLarge);
    }
    let mut passages: Vec<String> = Vec::new();
    let mut open = String::new();
    for paragraph in text.replace("\r\n", "\n").split("\n\n") {
        for word in paragraph.split_whitespace() {
            push(&mut passages, &mut open, word);
        }
        // A paragraph begins a passage of its own unless both are short.
        if open.chars().count() > PASSAGE_CHARS_MAX / 2 {
            passages.push(std::mem::take(&mut open));
        }
    }
    passages.extend((!open.is_empty()).then_some(open));
    match passages.len() {
        0 => Err(DocumentError::Empty),
        1..=PASSAGES_MAX => Ok(passages),
        _ => Err(DocumentError::TooLong),
    }
}

fn push(passages: &mut Vec<String>, open: &mut String, word: &str) {
    // A word that is longer than a passage is none.
    let word: String = word.chars().take(PASSAGE_CHARS_MAX).collect();
    if open.chars().count() + 1 + word.chars().count() > PASSAGE_CHARS_MAX {
        passages.push(std::mem::take(open));
    }
    if !open.is_empty() {
        open.push(' ');
    }
    open.push_str(&word);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_paragraphs_share_a_passage_and_long_ones_are_cut_between_words() {
        assert_eq!(passages("We open at nine.\n\nParking is\nbehind the house.").unwrap().len(), 1);

        let long = "word ".repeat(1000);
        let cut = passages(&long).unwrap();

        assert!(cut.iter().all(|passage| passage.chars().count() <= PASSAGE_CHARS_MAX));
        assert_eq!(cut.join(" ").split(' ').count(), 1000);
    }

    #[test]
    fn a_document_without_text_or_with_too_much_is_refused() {
        assert_eq!(passages(" \n\n "), Err(DocumentError::Empty));
        assert_eq!(passages(&"a".repeat(DOCUMENT_BYTES_MAX + 1)), Err(DocumentError::TooLarge));
        assert_eq!(passages(&"w ".repeat(DOCUMENT_BYTES_MAX / 2)), Err(DocumentError::TooLong));
    }
}
