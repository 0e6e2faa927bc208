//! Which paths a Rust source names: comments and strings are left out, `use` groups expanded, `super` resolved.

/// Every path that a source names, from the root: `super` and `self` are resolved, groups expanded.
pub(crate) fn paths(module: &[String], tokens: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    // The module at each open brace: `mod tests {` goes one deeper.
    let mut open = vec![module.to_vec()];
    let mut at = 0;
    while at < tokens.len() {
        let here = open.last().cloned().unwrap_or_default();
        match tokens[at].as_str() {
            "mod" if tokens.get(at + 2).is_some_and(|token| token == "{") => {
                let mut inner = here;
                inner.push(tokens[at + 1].clone());
                open.push(inner);
                at += 3;
            }
            "{" => {
                open.push(here);
                at += 1;
            }
            "}" => {
                open.pop();
                at += 1;
            }
            token if is_name(token) => {
                let first = found.len();
                at = read_path(tokens, at, Vec::new(), &mut found);
                for path in &mut found[first..] {
                    *path = resolve(&here, path);
                }
            }
            _ => at += 1,
        }
    }
    found
}

/// Reads the path that starts at `at`, puts one entry a leaf into `found`, and returns where it ends.
fn read_path(tokens: &[String], mut at: usize, mut prefix: Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    let token = |at: usize| tokens.get(at).map_or("", String::as_str);
    while is_name(token(at)) {
        prefix.push(token(at).to_owned());
        at += 1;
        if token(at) != "::" {
            found.push(prefix);
            return at;
        }
        at += 1;
    }
    if token(at) != "{" {
        if token(at) == "*" {
            prefix.push("*".to_owned());
        }
        found.push(prefix);
        return at;
    }
    at += 1;
    while at < tokens.len() && token(at) != "}" {
        if is_name(token(at)) {
            at = read_path(tokens, at, prefix.clone(), found);
        } else {
            at += 1;
        }
    }
    at + 1
}

fn resolve(here: &[String], path: &[String]) -> Vec<String> {
    let climbs = path.iter().take_while(|part| *part == "super").count();
    let from_self = usize::from(path.first().is_some_and(|part| part == "self"));
    if climbs + from_self == 0 {
        return path.to_vec();
    }
    let above = here.len().saturating_sub(climbs);
    let start = std::iter::once("crate".to_owned()).chain(here[..above].iter().cloned());
    start.chain(path[climbs + from_self..].iter().cloned()).collect()
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single marks of a source, without comments, strings, characters and lifetimes.
pub(crate) fn tokens(source: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = raw_string(rest) {
            length
        } else if c == '"' || rest.starts_with("b\"") || rest.starts_with("c\"") {
            let start = rest.find('"').unwrap_or(0) + 1;
            start + quoted(&rest[start..], '"')
        } else if c == '\'' {
            character_or_lifetime(rest)
        } else if c.is_alphabetic() || c == '_' {
            let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            tokens.push(rest[..length].to_owned());
            length
        } else if c.is_numeric() {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
        } else {
            let length = if rest.starts_with("::") { 2 } else { c.len_utf8() };
            if !c.is_whitespace() {
                tokens.push(rest[..length].to_owned());
            }
            length
        };
        rest = &rest[length..];
    }
    tokens
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match (&text.as_bytes()[at..], depth) {
            ([b'/', b'*', ..], _) => {
                depth += 1;
                at += 2;
            }
            ([b'*', b'/', ..], 1) => return at + 2,
            ([b'*', b'/', ..], _) => {
                depth -= 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    text.len()
}

/// Length of the raw string that `text` starts with.
fn raw_string(text: &str) -> Option<usize> {
    let start = ["r", "br", "cr"].iter().find_map(|start| text.strip_prefix(start))?;
    let inside = start.trim_start_matches('#');
    let hashes = start.len() - inside.len();
    let inside = inside.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(text.len() - inside.len() + length)
}

/// Length up to and with the closing quote.
fn quoted(text: &str, close: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == close => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

fn character_or_lifetime(text: &str) -> usize {
    let mut inside = text[1..].chars();
    match (inside.next(), inside.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => 1 + quoted(&text[1..], '\''),
        _ => 1,
    }
}
