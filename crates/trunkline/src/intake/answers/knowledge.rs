//! `knowledge-base-request`: what the organization's documents say about what the person said last.

use super::{Answers, Question, in_time};
use crate::domain::tool::shortened;
use crate::store::Result;
use crate::store::knowledge::{self, Passage};
use vapi::{KnowledgeBaseAnswer, KnowledgeDocument};

/// Of what the person said.
const QUESTION_CHARS_MAX: usize = 1000;

pub(super) async fn answer(answers: &Answers, question: &Question, said: Option<&str>) -> KnowledgeBaseAnswer {
    let found = in_time("the documents of its organization", search(answers, question, said)).await;
    let document =
        |passage: Passage| KnowledgeDocument { content: passage.content, similarity: passage.similarity, uuid: None };
    KnowledgeBaseAnswer::Documents { documents: found.unwrap_or_default().into_iter().map(document).collect() }
}

async fn search(answers: &Answers, question: &Question, said: Option<&str>) -> Result<Vec<Passage>> {
    let (Some(organization), Some(said)) = (question.organization, said) else { return Ok(Vec::new()) };
    let tx = answers.db.tenant(organization).await?;
    let found = knowledge::search(&tx, shortened(said, QUESTION_CHARS_MAX)).await?;
    tx.commit().await?;
    Ok(found)
}
