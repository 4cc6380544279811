//! The processor that a function's program was built for.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

/// As Lambda and the platform's parameter call it: `arm64` or `x86_64`. None where the zip's first entry is no program
/// of Linux for either [APPNOTE.TXT 4.3.7; ELF, `e_machine`].
pub(super) fn of_zip(zip: &[u8]) -> Option<&'static str> {
    let half = |at: usize| {
        let bytes = zip.get(at..at + 2)?;
        Some(u16::from_le_bytes([*bytes.first()?, *bytes.get(1)?]))
    };
    if zip.get(..4)? != b"PK\x03\x04" {
        return None;
    }
    let data = zip.get(30 + usize::from(half(26)?) + usize::from(half(28)?)..)?;
    let mut head = [0; 20];
    match half(8)? {
        0 => head.copy_from_slice(data.get(..20)?),
        8 => DeflateDecoder::new(data).read_exact(&mut head).ok()?,
        _ => return None,
    }
    match head {
        [0x7f, b'E', b'L', b'F', .., 0x3e, 0] => Some("x86_64"),
        [0x7f, b'E', b'L', b'F', .., 0xb7, 0] => Some("arm64"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::DeflateEncoder};

    use super::of_zip;

    /// A zip's first entry, `bootstrap`, as far as anybody looks at it.
    fn zip(machine: u8, deflated: bool) -> Vec<u8> {
        let mut program = b"\x7fELF".to_vec();
        program.resize(18, 2);
        program.extend([machine, 0]);
        program.resize(4000, 7);
        let mut zip = b"PK\x03\x04\x14\0\0\0".to_vec();
        zip.extend([if deflated { 8 } else { 0 }, 0]);
        zip.resize(26, 0);
        zip.extend([9, 0, 0, 0]);
        zip.extend(b"bootstrap");
        if deflated {
            let mut encoder = DeflateEncoder::new(zip, Compression::best());
            encoder.write_all(&program).unwrap();
            return encoder.finish().unwrap();
        }
        [zip, program].concat()
    }

    #[test]
    fn a_program_tells_what_it_was_built_for() {
        for deflated in [true, false] {
            assert_eq!(of_zip(&zip(0x3e, deflated)), Some("x86_64"));
            assert_eq!(of_zip(&zip(0xb7, deflated)), Some("arm64"));
            assert_eq!(of_zip(&zip(0x28, deflated)), None);
        }
        let whole = zip(0x3e, false);
        for end in 0..60 {
            assert_eq!(of_zip(&whole[..end.min(whole.len())]).filter(|_| end < 59), None);
        }
    }
}
