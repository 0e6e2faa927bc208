//! `--timings`: where the time went, as one JSON line.

use std::fs;
use std::time::Duration;

use serde::Serialize;

use crate::analysis::Analysis;
use crate::export::Written;

/// Seconds per step, and the largest resident size.
#[derive(Debug, Serialize)]
pub(super) struct Timings {
    read: f64,
    design: f64,
    sums: f64,
    lasso: f64,
    ridge: f64,
    cross_validation: f64,
    certificates: f64,
    hash: f64,
    export: f64,
    peak_rss_mib: Option<f64>,
}

impl Timings {
    pub(super) fn new(read: Duration, design: Duration, analysis: &Analysis, written: &Written) -> Self {
        let steps = analysis.timings;
        Self {
            read: read.as_secs_f64(),
            design: design.as_secs_f64(),
            sums: steps.sums.as_secs_f64(),
            lasso: steps.lasso.as_secs_f64(),
            ridge: steps.ridge.as_secs_f64(),
            cross_validation: steps.cross_validation.as_secs_f64(),
            certificates: steps.certificates.as_secs_f64(),
            hash: written.hash.as_secs_f64(),
            export: written.export.as_secs_f64(),
            peak_rss_mib: peak_rss_mib(),
        }
    }
}

/// The largest resident size so far, where the system tells.
fn peak_rss_mib() -> Option<f64> {
    high_water_mib(&fs::read_to_string("/proc/self/status").ok()?)
}

/// `VmHWM` of Linux' `/proc/self/status`, which is in KiB.
fn high_water_mib(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_water_is_found() {
        assert_eq!(high_water_mib("VmPeak:\t 9 kB\nVmHWM:\t    2048 kB\nVmRSS:\t1 kB\n"), Some(2.0));
        assert_eq!(high_water_mib("VmRSS:\t1 kB\n"), None);
    }
}
