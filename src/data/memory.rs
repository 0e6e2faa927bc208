//! Refusing what does not fit into memory before it is allocated.

use crate::data::error::ReadError;
use crate::data::lane::Sink;

/// Share of the available memory that one table may take.
const SHARE: u64 = 2;
/// What is always there: the system is not asked.
const SMALL: u64 = 1 << 20;

/// Refuses to take `bytes` if that is more than half of the memory that is available, or of the limit that was chosen.
pub(super) fn check(bytes: u64, limit: Option<u64>) -> Result<(), ReadError> {
    if bytes <= SMALL && limit.is_none() {
        return Ok(());
    }
    match limit.or_else(available) {
        Some(free) if bytes > free / SHARE => Err(ReadError::TooLarge { need_mib: bytes >> 20, free_mib: free >> 20 }),
        _ => Ok(()),
    }
}

/// Makes room for all records, as estimated from those of the first part of a text of `total` bytes.
pub(super) fn reserve(
    sinks: &mut [Sink],
    n_records: usize,
    bytes: usize,
    total: u64,
    limit: Option<u64>,
) -> Result<(), ReadError> {
    let bytes = bytes.max(1) as u64;
    if total <= bytes {
        return Ok(());
    }
    // Two in a hundred more, so that the last few need no new room.
    let expected = u128::from(total) * n_records as u128 * 51 / (u128::from(bytes) * 50);
    let expected = usize::try_from(expected).unwrap_or(usize::MAX);
    let per_record: usize = sinks.iter().map(Sink::cell_size).sum();
    check((expected as u64).saturating_mul(per_record as u64), limit)?;
    for sink in sinks {
        sink.reserve(expected);
    }
    Ok(())
}

/// Bytes of memory that can be had without swapping, where the system says.
fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|l| l.starts_with("MemAvailable:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib << 10)
}
