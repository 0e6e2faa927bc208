//! How long a job will still take, judged by its progress so far.

use std::time::Duration;

/// Nothing is said before that: most jobs are over by then.
const PATIENCE: f64 = 2.0;
/// Seconds between two samples.
const STEP: f64 = 0.2;
/// Most samples; then every other one goes.
const MOST: usize = 128;
/// Share that must be done.
const LEAST_DONE: f64 = 0.02;
/// How far the pace of the whole and that of its later half may be apart.
const AGREEMENT: f64 = 1.6;
/// The end that was said stays while the estimate is within this share of what is left.
const CALM: f64 = 0.25;

/// Progress of a job over time, and the end expected from it.
#[derive(Debug, Default)]
pub struct Estimate {
    /// Seconds since the start, share done.
    samples: Vec<(f64, f64)>,
    /// When it will be over, in seconds since the start.
    end: Option<f64>,
}

impl Estimate {
    /// Notes that `share` was done `elapsed` after the start.
    pub fn note(&mut self, elapsed: Duration, share: f32) {
        let (t, f) = (elapsed.as_secs_f64(), f64::from(share));
        if let Some(&(last_t, last_f)) = self.samples.last() {
            if f < last_f {
                // More work has been announced: the pace so far says nothing of it.
                self.samples.clear();
                self.end = None;
            } else if t < last_t + STEP {
                return;
            }
        }
        self.samples.push((t, f));
        if self.samples.len() > MOST {
            let mut i = 0;
            self.samples.retain(|_| {
                i += 1;
                i % 2 == 1
            });
        }
        self.end = self.expected().map(|end| match self.end {
            Some(said) if (end - said).abs() <= CALM * (said - t).max(1.0) => said.max(t),
            _ => end,
        });
    }

    /// What is left `elapsed` after the start; `None` in the first two seconds, and while the pace changes.
    pub fn remaining(&self, elapsed: Duration) -> Option<Duration> {
        let t = elapsed.as_secs_f64();
        let end = self.end.filter(|_| t >= PATIENCE)?;
        Some(Duration::from_secs_f64((end - t).max(0.0)))
    }

    /// The end at the pace so far: `t + (1 − f) / pace`, where the pace of the whole and that of its later half agree.
    fn expected(&self) -> Option<f64> {
        let (&(t0, f0), &(t, f)) = (self.samples.first()?, self.samples.last()?);
        if t - t0 < PATIENCE / 2.0 || f - f0 < LEAST_DONE {
            return None;
        }
        let middle = self.samples.partition_point(|sample| sample.0 < f64::midpoint(t0, t));
        let &(t1, f1) = self.samples.get(middle)?;
        let (whole, later) = ((f - f0) / (t - t0), (f - f1) / (t - t1));
        let agree = whole.max(later) <= AGREEMENT * whole.min(later);
        agree.then(|| t + (1.0 - f) * f64::midpoint(1.0 / whole, 1.0 / later))
    }
}

/// `about 20 s left`.
pub fn text(left: Duration) -> String {
    let seconds = left.as_secs_f64();
    let to = |step: f64| (seconds / step).round() * step;
    match seconds {
        s if s < 7.5 => "a few seconds left".to_owned(),
        s if s < 57.5 => format!("about {} s left", if s < 27.5 { to(5.0) } else { to(10.0).clamp(30.0, 50.0) }),
        s if s < 90.0 => "about a minute left".to_owned(),
        s if s < 3570.0 => format!("about {} min left", to(60.0) / 60.0),
        s if s < 5400.0 => "about an hour left".to_owned(),
        _ => format!("about {} h left", to(3600.0) / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left after each tenth of a second of a job whose share done is `share(t)`.
    fn watch(until: f64, share: impl Fn(f64) -> f64) -> Vec<(f64, Option<f64>)> {
        let mut estimate = Estimate::default();
        (0..=(until * 10.0) as usize)
            .map(|i| {
                let t = i as f64 / 10.0;
                estimate.note(Duration::from_secs_f64(t), share(t) as f32);
                (t, estimate.remaining(Duration::from_secs_f64(t)).map(|left| left.as_secs_f64()))
            })
            .collect()
    }

    #[test]
    fn an_even_pace_is_foretold_and_counted_down() {
        for total in [5.0, 30.0, 600.0] {
            let said = watch(total - 0.1, |t| t / total);
            assert!(said.iter().filter(|(t, _)| *t < PATIENCE).all(|(_, left)| left.is_none()));
            let late: Vec<_> = said.iter().filter(|(t, _)| *t >= PATIENCE.max(0.03 * total)).collect();
            for (t, left) in &late {
                let left = left.expect("a pace to go by");
                assert!(
                    (left - (total - t)).abs() <= CALM * (total - t).max(1.0) + 0.05 * total,
                    "{left} at {t} of {total}"
                );
            }
            assert!(late.windows(2).all(|w| w[1].1 <= w[0].1), "what is left never grows at an even pace");
        }
    }

    #[test]
    fn nothing_is_said_while_the_pace_changes() {
        // It stalls at a third.
        let said = watch(60.0, |t| (t / 30.0).min(1.0 / 3.0));
        assert!(said.iter().any(|(t, left)| *t < 10.0 && left.is_some()));
        assert!(said.iter().filter(|(t, _)| *t > 25.0).all(|(_, left)| left.is_none()));
    }

    #[test]
    fn the_second_part_of_a_job_is_judged_by_its_own_pace() {
        // Ten seconds for the first half, announced alone at first; then the whole is twice as much and goes half as fast.
        let said = watch(29.9, |t| if t < 10.0 { t / 10.0 } else { 0.5 + 0.5 * (t - 10.0) / 20.0 });
        assert!(said.iter().filter(|(t, _)| (10.0..11.0).contains(t)).all(|(_, left)| left.is_none()));
        let (t, left) = said[200];
        assert!((left.expect("it has settled") - (30.0 - t)).abs() < 2.0, "{left:?} at {t}");
    }

    #[test]
    fn what_is_left_is_said_in_round_numbers() {
        let said: Vec<String> = [3.0, 9.0, 22.0, 28.0, 44.0, 56.0, 70.0, 125.0, 3590.0, 7000.0]
            .map(|s| text(Duration::from_secs_f64(s)))
            .into();
        let expected = [
            "a few seconds left",
            "about 10 s left",
            "about 20 s left",
            "about 30 s left",
            "about 40 s left",
            "about 50 s left",
            "about a minute left",
            "about 2 min left",
            "about an hour left",
            "about 2 h left",
        ];
        assert_eq!(said, expected);
    }
}
