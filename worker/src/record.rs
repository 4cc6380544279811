//! Rows as bytes, while they wait in memory or between two passes over them: of each value its length and its bytes.

use std::io::{self, Write as _};

use crate::column_value::ColumnValue;

/// A null's length; no value is as long.
const NULL: u32 = u32::MAX;
const LENGTH: usize = 4;

/// Adds the next value.
pub(crate) fn push_value(bytes: &mut Vec<u8>, value: Option<&ColumnValue<'_>>) {
    match value {
        None => push(bytes, None),
        Some(ColumnValue::Integer(number)) => push_number(bytes, *number),
        Some(ColumnValue::Text(text)) => push(bytes, Some(text.as_bytes())),
        Some(ColumnValue::Canonical(text)) => push(bytes, Some(text.as_bytes())),
    }
}

/// Adds the next value, in its canonical form.
pub(crate) fn push(bytes: &mut Vec<u8>, value: Option<&[u8]>) {
    match value {
        None => bytes.extend(NULL.to_le_bytes()),
        Some(value) => {
            bytes.extend(length(value.len()).to_le_bytes());
            bytes.extend_from_slice(value);
        }
    }
}

fn push_number(bytes: &mut Vec<u8>, number: i64) {
    let start = bytes.len() + LENGTH;
    bytes.extend([0; LENGTH]);
    // Writing to memory can't fail.
    let _ = write!(bytes, "{number}");
    let written = length(bytes.len() - start);
    if let Some(place) = bytes.get_mut(start - LENGTH..start) {
        place.copy_from_slice(&written.to_le_bytes());
    }
}

fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(NULL - 1)
}

/// The values of a row.
pub(crate) fn decode(row: &[u8]) -> io::Result<Vec<Option<&[u8]>>> {
    Values::new(row).collect()
}

/// The values of a row, one at a time.
pub(crate) struct Values<'a>(&'a [u8]);

impl<'a> Values<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = io::Result<Option<&'a [u8]>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let damaged = || Some(Err(io::Error::new(io::ErrorKind::InvalidData, "a row on its way is damaged")));
        let Some((length, rest)) = self.0.split_first_chunk::<LENGTH>() else { return damaged() };
        let length = u32::from_le_bytes(*length);
        if length == NULL {
            self.0 = rest;
            return Some(Ok(None));
        }
        let Some((value, rest)) = rest.split_at_checked(length as usize) else { return damaged() };
        self.0 = rest;
        Some(Ok(Some(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        let mut bytes = Vec::new();
        let values: Vec<Option<&[u8]>> = vec![Some(b"a"), None, Some(b""), Some("é\0".as_bytes()), None];
        for value in &values {
            push(&mut bytes, *value);
        }
        push_number(&mut bytes, -12);
        let read = decode(&bytes).unwrap();
        assert_eq!(read, [&values[..], &[Some(&b"-12"[..])]].concat());
        assert!(decode(&bytes[..3]).is_err());
        assert!(decode(&bytes[..bytes.len() - 1]).is_err());
    }
}
