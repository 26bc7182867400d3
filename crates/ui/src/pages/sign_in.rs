//! Signing in.

use crate::components::{document, icon, logo};
use crate::context::Visitor;
use crate::format::duration;
use crate::view::{SignIn, SignInProblem};
use maud::{Markup, html};

pub fn page(view: &SignIn, visitor: &Visitor) -> Markup {
    let body = html! {
        main.lone #main {
            div.lone-card {
                span.mark.big aria-hidden="true" { (logo()) }
                h1 { "Sign in" }
                p.muted { (visitor.agency) }
                @if let Some(problem) = view.problem { (alert(problem)) }
                form.form method="post" action="/signin" {
                    @if let Some(next) = &view.next { input type="hidden" name="next" value=(next); }
                    div.form-row {
                        label for="email" { "Email" }
                        input.input #email type="email" name="email" value=(view.email) autocomplete="username" required
                            autofocus[view.email.is_empty()] maxlength="254";
                    }
                    div.form-row {
                        label for="password" { "Password" }
                        input.input #password type="password" name="password" autocomplete="current-password" required
                            autofocus[!view.email.is_empty()] maxlength="1024";
                    }
                    button.btn.primary.tall { "Sign in" }
                }
                @if visitor.simulated {
                    p.note.flex { (icon("flask-conical")) "This is a simulation: the phones are made up." }
                }
            }
        }
    };
    document("Sign in", visitor.theme, &body)
}

fn alert(problem: SignInProblem) -> Markup {
    let sentence = match problem {
        SignInProblem::Wrong => "Email or password is wrong.".to_owned(),
        SignInProblem::TooManyTries { wait_seconds } => {
            format!("Too many tries. The next one is possible in {}.", duration(wait_seconds.into()))
        }
        SignInProblem::LinkSpent => {
            "This link was used or is too old. Sign in with your password, or ask for a new link.".to_owned()
        }
        SignInProblem::SessionOver => "You were signed out. Sign in to go on where you were.".to_owned(),
    };
    html! { div.alert.bad role="alert" { (icon("circle-alert")) p { (sentence) } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Theme;

    fn draw(view: &SignIn) -> String {
        let visitor = Visitor { theme: Theme::Dark, agency: "Relay & Sons".into(), simulated: false };
        page(view, &visitor).into_string()
    }

    #[test]
    fn it_is_never_said_whether_email_or_password_is_wrong() {
        let view = SignIn { problem: Some(SignInProblem::Wrong), ..SignIn::default() };

        assert!(draw(&view).contains("Email or password is wrong."));
    }

    #[test]
    fn what_was_typed_comes_back_escaped_and_the_theme_is_drawn() {
        let view = SignIn { email: "\"><script>".into(), ..SignIn::default() };

        let markup = draw(&view);

        assert!(markup.contains("value=\"&quot;&gt;&lt;script&gt;\"") && markup.contains("Relay &amp; Sons"));
        assert!(markup.contains(r#"data-theme="dark""#));
    }
}
