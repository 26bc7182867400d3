//! What befalls the world at times of its own: kills, pauses, crashes, and people who object.

use crate::world::{Happens, World};
use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use rand::rngs::StdRng;

impl World {
    pub(crate) fn plan_faults(&mut self) {
        let span = self.faults_end_at.duration_since(self.now).as_secs();
        let times = |rng: &mut StdRng, count: u32| -> Vec<i64> {
            (0..rng.random_range(0..count)).map(|_| rng.random_range(0..span)).collect()
        };
        for seconds in times(&mut self.rng, 12) {
            let worker = self.rng.random_range(0..self.workers.len());
            self.after(SignedDuration::from_secs(seconds), Happens::Kill { worker });
        }
        for seconds in times(&mut self.rng, 12) {
            let worker = self.rng.random_range(0..self.workers.len());
            let long = if self.rng.random_bool(0.5) { 40 } else { 30 * 60 };
            let until = self.now + SignedDuration::from_secs(seconds + self.rng.random_range(1..long));
            self.after(SignedDuration::from_secs(seconds), Happens::Pause { worker, until });
        }
        for seconds in times(&mut self.rng, 8) {
            self.after(SignedDuration::from_secs(seconds), Happens::DatabaseDown);
        }
        for seconds in times(&mut self.rng, 5) {
            let until = self.now + SignedDuration::from_secs(seconds + self.rng.random_range(120..2400));
            self.after(SignedDuration::from_secs(seconds), Happens::ListingDown { until });
        }
        for seconds in times(&mut self.rng, 4) {
            let campaign = self.rng.random_range(0..2);
            self.after(SignedDuration::from_secs(seconds), Happens::PauseCampaign { campaign });
        }
        for phone in 0..self.setting.leads.len() {
            if self.rng.random_bool(0.15) {
                let seconds = self.rng.random_range(0..span);
                self.after(SignedDuration::from_secs(seconds), Happens::Dnc { phone });
            }
            if self.faults.foreign_calls {
                for seconds in times(&mut self.rng, 6) {
                    self.after(SignedDuration::from_secs(seconds), Happens::ForeignCall { phone });
                }
            }
        }
    }

    pub(crate) fn kill(&mut self, worker: usize) {
        if !self.workers[worker].is_up {
            return;
        }
        self.story.tell(self.now, || format!("worker {worker} is killed"));
        let row = &mut self.workers[worker];
        row.is_up = false;
        row.incarnation += 1;
        row.paused_until = Timestamp::MIN;
        let wait = self.millis(1_000..40_000);
        self.after(wait, Happens::Restart { worker });
    }

    /// The server crashes; one that is forgetful comes back without its last seconds.
    pub(crate) fn database_down(&mut self) {
        if !self.database_is_up {
            return;
        }
        self.story.tell(self.now, || "the database is down".to_owned());
        self.database_is_up = false;
        if self.faults.forgetful {
            let cut = self.now - self.millis(200..5_000);
            if let Some(place) = self.snapshots.iter().position(|(at, _)| *at > cut) {
                self.tables = self.snapshots.swap_remove(place).1;
            }
            self.snapshots.clear();
        }
        let wait = self.millis(1_000..180_000);
        self.after(wait, Happens::DatabaseUp);
    }

    pub(crate) fn put_on_dnc(&mut self, phone: usize) {
        let committed = self.transaction(|tables| tables.dnc.insert(phone));
        let (now, is_known) = (self.now, committed.is_ok());
        if is_known {
            self.story.tell(now, || format!("phone {phone} is on the do-not-call list"));
            self.dnc_since.entry(phone).or_insert(now);
        } else {
            self.after(SignedDuration::from_secs(1), Happens::Dnc { phone });
        }
    }

    pub(crate) fn pause_campaign(&mut self, campaign: usize) {
        if self.transaction(|tables| tables.paused_campaigns.insert(campaign)) == Ok(true) {
            self.story.tell(self.now, || format!("campaign {campaign} is paused"));
            let until = self.now + self.millis(60_000..7_200_000);
            self.pauses.push((campaign, self.now, until));
            self.at(until, Happens::ResumeCampaign { campaign });
        }
    }

    pub(crate) fn resume_campaign(&mut self, campaign: usize) {
        let committed = self.transaction(|tables| tables.paused_campaigns.remove(&campaign));
        if committed.is_err() {
            self.after(SignedDuration::from_secs(1), Happens::ResumeCampaign { campaign });
        }
    }
}
