//! Recognising dates and times: never turned into numbers, only told apart from text.

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Whether a trimmed text is a date, a time of day, or a date with a time.
pub(super) fn is_date(text: &str) -> bool {
    if !(4..=40).contains(&text.len()) || !text.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    if is_time(text) || is_day(text) {
        return true;
    }
    let Some(at) = text.find('T').or_else(|| text.find([' ', ':']).filter(|_| text.contains(':'))) else {
        return false;
    };
    // "6 Jan 2024 10:00" has blanks in the date: the time begins behind the last blank before the first colon.
    let colon = text.find(':').unwrap_or(text.len());
    let at = text.get(..colon).and_then(|t| t.rfind([' ', 'T'])).unwrap_or(at);
    match (text.get(..at), text.get(at + 1..)) {
        (Some(day), Some(time)) => is_day(day.trim_end_matches(',')) && is_time(time),
        _ => false,
    }
}

/// Whether the text sorts by time when sorted by bytes: year first, then month, then day.
pub(super) fn sorts_by_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7
        && bytes.iter().take(4).all(u8::is_ascii_digit)
        && matches!(bytes.get(4), Some(b'-' | b'/' | b'.'))
        && bytes.iter().skip(5).take(2).all(u8::is_ascii_digit)
}

/// `h:mm`, `hh:mm:ss.sss`, with `am` or `pm`, `Z` or an offset.
fn is_time(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut rest = lower.as_str();
    for suffix in ["am", "pm", "z", "utc"] {
        if let Some(before) = rest.strip_suffix(suffix) {
            rest = before.trim_end();
            break;
        }
    }
    if let Some(at) = rest.rfind(['+', '-']).filter(|at| *at >= 4) {
        let offset = rest.get(at + 1..).unwrap_or_default();
        let digits = offset.bytes().filter(u8::is_ascii_digit).count();
        if !offset.bytes().all(|b| b.is_ascii_digit() || b == b':') || !matches!(digits, 2 | 4) {
            return false;
        }
        rest = rest.get(..at).unwrap_or_default();
    }
    let parts: Vec<&str> = rest.split(':').collect();
    let (hour, minute, second) = match *parts.as_slice() {
        [hour, minute] => (hour, minute, "0"),
        [hour, minute, second] => (hour, minute, second),
        _ => return false,
    };
    let (whole, fraction) = second.split_once('.').unwrap_or((second, ""));
    within(hour, 0, 24)
        && minute.len() == 2
        && within(minute, 0, 59)
        && within(whole, 0, 60)
        && fraction.len() <= 9
        && fraction.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text of one or two digits (four for years) lies between two bounds.
fn within(text: &str, low: u32, high: u32) -> bool {
    (1..=4).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.parse().is_ok_and(|n: u32| (low..=high).contains(&n))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && within(text, 1000, 2999)
}

fn is_month_name(text: &str) -> bool {
    text.len() >= 3
        && text.len() <= 9
        && text.bytes().all(|b| b.is_ascii_alphabetic())
        && MONTHS.iter().any(|m| text.get(..3).is_some_and(|t| t.eq_ignore_ascii_case(m)))
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = match text.chars().find(|c| matches!(c, '-' | '/' | '.')) {
        Some(mark) => text.split(mark).map(str::trim).collect(),
        None => text.split([' ', ',']).filter(|p| !p.is_empty()).collect(),
    };
    let month = |t: &str| t.len() <= 2 && within(t, 1, 12);
    let day = |t: &str| t.len() <= 2 && within(t, 1, 31);
    let short_year = |t: &str| is_year(t) || (t.len() == 2 && within(t, 0, 99));
    match *parts.as_slice() {
        [a, b, c] => {
            (is_year(a) && (month(b) || is_month_name(b)) && day(c))
                || (month(a) && day(b) && short_year(c))
                || (day(a) && month(b) && short_year(c))
                || (day(a) && is_month_name(b) && short_year(c))
                || (is_month_name(a) && day(b) && is_year(c))
        }
        [a, b] => {
            let dashed = text.contains(['-', '/']);
            (dashed && is_year(a) && b.len() == 2 && month(b)) || (is_month_name(a) && short_year(b))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_and_times_are_recognised() {
        for text in [
            "2024-01-31",
            "2024/1/3",
            "31.12.2024",
            "12/31/2024",
            "31/12/24",
            "2-Jan-2024",
            "Jan 2, 2024",
            "2 January 2024",
            "2024-01",
            "2024-01-31 12:30",
            "12:30",
            "12:30:59.5",
            "2024-01-31T12:30:00Z",
            "2024-01-31T12:30:00+02:00",
            "2/18/2008 02:36:48",
            "6 Jan 2024 10:00",
            "1/2/2024 3:04 PM",
            "Jan-24",
        ] {
            assert!(is_date(text), "{text}");
        }
    }

    #[test]
    fn numbers_and_words_are_no_dates() {
        for text in [
            "2024",
            "20240131",
            "1.5",
            "1.234",
            "1234-56",
            "12-34",
            "May",
            "2024-13-01",
            "99/99/2024",
            "3:1",
            "12:75",
            "a:30",
            "1.2.3",
            "10.0.0.1",
            "555-1234",
            "1:2:3:4",
            "T1:30",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }
}
