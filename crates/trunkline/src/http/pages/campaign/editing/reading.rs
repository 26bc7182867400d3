//! The form of a campaign's terms, drawn and read: all that is wanted, or every error at once.

use crate::domain::dialing_rules::{CampaignRules, WrittenCampaignRules};
use crate::domain::money::Money;
use crate::domain::retry_policy::{Delays, RetryPlan, WrittenPlan};
use crate::http::pages::{number_choice, written_hours, written_money, written_number};
use crate::store::campaign_terms::Terms;
use crate::store::phone_numbers::PhoneNumber;
use ui::view::{ANY_DAYPART, FieldError, MoneyDraft, OTHER_DAYPART, TermsDraft};

const PRIORITY_MAX: u32 = 1_000;
const CALLS_PER_LEAD_MAX: u32 = 10;
const ATTEMPTS_MAX: u32 = 30;
const RETRY_MINUTES_MAX: u32 = 7 * 24 * 60;
const BUDGET_MAX: Money = Money::cents(100_000_000);
const PRICE_MAX: Money = Money::cents(10_000);

pub(super) fn drawn(terms: &Terms) -> TermsDraft {
    TermsDraft {
        lines_max: terms.lines_max.to_string(),
        priority: terms.priority.to_string(),
        calls_per_lead_and_day_max: terms.calls_per_lead_and_day_max.to_string(),
        attempts_max: terms.retry_plan.attempts_max().to_string(),
        retry_after_minutes: delay(&terms.retry_plan).map(|minutes| minutes.to_string()).unwrap_or_default(),
        numbers: terms.numbers.iter().map(ToString::to_string).collect(),
        number_choice: terms.rules.numbers.as_str().to_owned(),
        daypart: if terms.rules.other_daypart { OTHER_DAYPART } else { ANY_DAYPART }.to_owned(),
        hours: written_hours::drawn(&terms.calling_hours),
    }
}

pub(super) fn drawn_money(rules: &CampaignRules) -> MoneyDraft {
    MoneyDraft {
        budget_per_day_max: written_money::drawn(rules.budget_per_day_max),
        price_per_call: written_money::drawn(rules.price_per_call),
    }
}

/// The terms as they are to be; what the form does not name stays as it was, and so does money without its part.
pub(super) fn read(
    (draft, money): (&TermsDraft, Option<&MoneyDraft>),
    before: &Terms,
    lines_max: i32,
    offered: &[PhoneNumber],
) -> Result<Terms, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut terms = before.clone();
    let mut number = |field, text: &str, bounds| {
        written_number::read(field, text, bounds).map_err(|error| errors.push(error)).unwrap_or_default()
    };
    // A limit of the organization that was lowered since does not stand against other changes.
    let lines_most = lines_max.max(before.lines_max).unsigned_abs();
    terms.lines_max = number(("lines_max", "Lines"), &draft.lines_max, (1, lines_most));
    terms.priority = number(("priority", "Priority"), &draft.priority, (1, PRIORITY_MAX));
    let field = ("calls_per_lead_and_day_max", "Calls a lead and day");
    terms.calls_per_lead_and_day_max = number(field, &draft.calls_per_lead_and_day_max, (1, CALLS_PER_LEAD_MAX));
    let attempts_max = number(("attempts_max", "Attempts for each lead"), &draft.attempts_max, (1, ATTEMPTS_MAX));
    let minutes = (!draft.retry_after_minutes.trim().is_empty()).then(|| {
        let field = ("retry_after_minutes", "Minutes between attempts");
        number(field, &draft.retry_after_minutes, (1, RETRY_MINUTES_MAX)).unsigned_abs()
    });
    match number_choice::read(&draft.numbers, offered) {
        Ok(numbers) => terms.numbers = numbers,
        Err(error) => errors.push(error),
    }
    match rules((draft, money), &before.rules) {
        Ok(rules) => terms.rules = rules,
        Err(more) => errors.extend(more),
    }
    match written_hours::read(&draft.hours, &before.calling_hours) {
        Ok(hours) => terms.calling_hours = hours,
        Err(error) => errors.push(error),
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    terms.retry_plan = plan(&before.retry_plan, attempts_max.unsigned_abs(), minutes).map_err(|error| vec![error])?;
    Ok(terms)
}

/// The minutes between attempts, where the plan has one delay for all.
fn delay(plan: &RetryPlan) -> Option<u32> {
    let WrittenPlan { voicemail, no_answer, .. } = WrittenPlan::from(plan.clone());
    match (voicemail?, no_answer?) {
        (Delays::Listed(voicemail), Delays::Listed(no_answer)) if voicemail == no_answer && voicemail.len() == 1 => {
            voicemail.first().copied()
        }
        _ => None,
    }
}

/// Whether the form can say what the plan was: other delays than it knows can only stay as they are.
pub(super) fn can_go_back(now: &RetryPlan, before: &RetryPlan) -> bool {
    let delays = |plan: &RetryPlan| {
        let WrittenPlan { voicemail, no_answer, .. } = WrittenPlan::from(plan.clone());
        (voicemail, no_answer)
    };
    delay(before).is_some() || delays(now) == delays(before)
}

/// The plan as it was, with another number of attempts and, if they are given, other delays.
fn plan(before: &RetryPlan, attempts_max: u32, minutes: Option<u32>) -> Result<RetryPlan, FieldError> {
    let mut written = WrittenPlan::from(before.clone());
    written.attempts_max = attempts_max;
    if let Some(minutes) = minutes {
        let delays = Some(Delays::Listed(vec![minutes]));
        (written.voicemail, written.no_answer) = (delays.clone(), delays);
    }
    RetryPlan::try_from(written)
        .map_err(|error| FieldError { field: "attempts_max".to_owned(), message: format!("This is no plan: {error}.") })
}

fn rules(
    (draft, money): (&TermsDraft, Option<&MoneyDraft>),
    before: &CampaignRules,
) -> Result<CampaignRules, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut rules = WrittenCampaignRules::from(*before);
    rules.numbers = draft.number_choice.parse().unwrap_or(rules.numbers);
    rules.other_daypart = match draft.daypart.as_str() {
        ANY_DAYPART => false,
        OTHER_DAYPART => true,
        _ => rules.other_daypart,
    };
    if let Some(money) = money {
        let mut amount = |field, text: &str, max| {
            written_money::read(field, text, max).map_err(|error| errors.push(error)).unwrap_or_default()
        };
        rules.budget_per_day_max =
            amount(("budget_per_day_max", "Budget a day"), &money.budget_per_day_max, BUDGET_MAX);
        rules.price_per_call = amount(("price_per_call", "Price of a call"), &money.price_per_call, PRICE_MAX);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let wrong =
        |error| FieldError { field: "price_per_call".to_owned(), message: format!("This is no price: {error}.") };
    CampaignRules::try_from(rules).map_err(|error| vec![wrong(error)])
}
