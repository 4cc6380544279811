//! The text that PostgreSQL's `COPY` sends: a row a line, tabs between the fields, `\N` for null, backslashes before
//! what would be taken for these.

use postgres::types::Type;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Field {
    Null,
    Bytes(Vec<u8>),
}

/// Reads one line, its end included, into fields. A boolean becomes 0 or 1, a `bytea` the bytes that it is.
pub(super) fn read_fields(line: &[u8], kinds: &[Type], fields: &mut Vec<Field>) {
    fields.clear();
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let mut kinds = kinds.iter();
    // A tab in a value is sent as `\t`.
    for text in line.split(|it| *it == b'\t') {
        let kind = kinds.next();
        fields.push(match text {
            b"\\N" => Field::Null,
            b"t" if kind == Some(&Type::BOOL) => Field::Bytes(b"1".to_vec()),
            b"f" if kind == Some(&Type::BOOL) => Field::Bytes(b"0".to_vec()),
            text if kind == Some(&Type::BYTEA) => Field::Bytes(from_hex(text)),
            text => Field::Bytes(unescape(text)),
        });
    }
}

fn unescape(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        if *byte != b'\\' {
            plain.push(*byte);
            continue;
        }
        plain.extend(bytes.next().map(|it| match it {
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            other => *other,
        }));
    }
    plain
}

/// `\\x6162`, as it is sent.
fn from_hex(text: &[u8]) -> Vec<u8> {
    let digits = text.strip_prefix(b"\\\\x").unwrap_or_default();
    let digit = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok()).unwrap_or_default();
    digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |number: u8, it| number.wrapping_mul(16).wrapping_add(digit(*it))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str, kinds: &[Type]) -> Vec<Option<String>> {
        let mut fields = Vec::new();
        read_fields(line.as_bytes(), kinds, &mut fields);
        let text = |it: Field| match it {
            Field::Null => None,
            Field::Bytes(bytes) => Some(String::from_utf8(bytes).unwrap()),
        };
        fields.into_iter().map(text).collect()
    }

    #[test]
    fn escapes_are_read() {
        let kinds = [Type::TEXT, Type::TEXT, Type::TEXT, Type::BOOL, Type::BYTEA, Type::BOOL];
        let text = |it: &str| Some(it.to_owned());
        assert_eq!(
            fields("\\\\N\\t\\n\\\\x\té\t\t\\N\t\\\\x6162\tt\n", &kinds),
            [text("\\N\t\n\\x"), text("é"), text(""), None, text("ab"), text("1")]
        );
    }
}
