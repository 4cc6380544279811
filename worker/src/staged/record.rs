//! A row's values as bytes, for the time between two passes over it.

use std::io;

/// A null's length; no value is as long.
const NULL: u32 = u32::MAX;

/// Puts the values, in their canonical form, in the place of what `bytes` holds.
pub(crate) fn encode<'a>(bytes: &mut Vec<u8>, values: impl Iterator<Item = Option<&'a str>>) {
    bytes.clear();
    for value in values {
        match value {
            None => bytes.extend(NULL.to_le_bytes()),
            Some(text) => {
                bytes.extend(u32::try_from(text.len()).unwrap_or(NULL - 1).to_le_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
        }
    }
}

/// The values that [`encode`] was given.
pub(crate) fn decode(mut bytes: &[u8]) -> io::Result<Vec<Option<&str>>> {
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a row on the way to its order is damaged");
    let mut values = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(damaged)?;
        let length = u32::from_le_bytes(*length);
        if length == NULL {
            values.push(None);
            bytes = rest;
        } else {
            let (text, rest) = rest.split_at_checked(length as usize).ok_or_else(damaged)?;
            values.push(Some(std::str::from_utf8(text).map_err(|_| damaged())?));
            bytes = rest;
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        let values = vec![Some("a"), None, Some(""), Some("é\0"), None];
        let mut bytes = vec![1];
        encode(&mut bytes, values.iter().copied());
        assert_eq!(decode(&bytes).unwrap(), values);
        assert!(decode(&bytes[..3]).is_err());
    }
}
