//! Passwords: argon2id, a few at once, and never on the threads that serve.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// One takes 19 MiB and some tens of milliseconds of a core.
const AT_ONCE_MAX: usize = 2;
/// Longer texts are no passwords.
const BYTES_MAX: usize = 1_000;

/// What an e-mail of nobody is compared with, so that it takes as long as one of somebody.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hash(&SecretString::from("nobody's password")));

/// The place where passwords are verified.
#[derive(Debug, Clone)]
pub(super) struct Passwords {
    permits: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE_MAX)) }
    }
}

impl Passwords {
    /// Whether the password is the one of `hash`; without a hash it takes as long and is false.
    pub(super) async fn verify(&self, password: SecretString, hash: Option<String>) -> bool {
        let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
            return false;
        };
        let verified = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let nobodys = NOBODYS.as_deref().unwrap_or_default();
            let is_known = hash.is_some();
            is_right(&password, hash.as_deref().unwrap_or(nobodys)) && is_known
        });
        verified.await.unwrap_or(false)
    }
}

/// argon2id in PHC form. Takes tens of milliseconds of a core. `None` for what is too long to be a password.
pub fn hash(password: &SecretString) -> Option<String> {
    let bytes = password.expose_secret().as_bytes();
    if bytes.len() > BYTES_MAX {
        return None;
    }
    Argon2::default().hash_password(bytes).ok().map(|hash| hash.to_string())
}

fn is_right(password: &SecretString, hash: &str) -> bool {
    let bytes = password.expose_secret().as_bytes();
    bytes.len() <= BYTES_MAX && Argon2::default().verify_password(bytes, hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_somebody_is_right() {
        let passwords = Passwords::default();
        let ours = hash(&SecretString::from("correct horse"));
        assert!(ours.as_deref().is_some_and(|hash| hash.starts_with("$argon2id$")));

        assert!(passwords.verify(SecretString::from("correct horse"), ours.clone()).await);
        assert!(!passwords.verify(SecretString::from("wrong horse"), ours).await);
        assert!(!passwords.verify(SecretString::from("nobody's password"), None).await);
    }
}
