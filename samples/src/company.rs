//! The company at a place of a registry: clean, a duplicate of an earlier one, or spoilt in one way.
//!
//! Each place has a stream of random numbers of its own, so a duplicate finds its original again without any
//! company being kept, and more rows never change the earlier ones.

use jiff::Timestamp;
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use crate::country::{Country, pick};

/// A row of `companies`, and what else belongs to it.
#[derive(Debug)]
pub(crate) struct Company {
    pub(crate) registration_no: Option<String>,
    pub(crate) name: String,
    pub(crate) address: Option<String>,
    pub(crate) city: &'static str,
    pub(crate) updated_at: String,
    pub(crate) status: &'static str,
    pub(crate) kind: Kind,
    pub(crate) officers: Vec<Officer>,
}

/// A row of `officers`.
#[derive(Debug)]
pub(crate) struct Officer {
    pub(crate) name: String,
    pub(crate) role: &'static str,
    pub(crate) since: Option<String>,
}

/// What was planted in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing.
    Clean,
    /// The registration number of an earlier clean row.
    Duplicate {
        /// That row's place.
        of: u64,
        /// Whether it is the newer of the two.
        newer: bool,
    },
    /// One blemish.
    Blemished(Blemish),
}

/// A way to spoil a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Blemish {
    MissingRegistrationNo,
    LongRegistrationNo,
    LongName,
    ImpossibleDate,
    NullAddress,
    EmptyAddress,
    Quotes,
    Commas,
    LineFeed,
    Emoji,
}

impl Blemish {
    pub(crate) const ALL: [Self; 10] = [
        Self::MissingRegistrationNo,
        Self::LongRegistrationNo,
        Self::LongName,
        Self::ImpossibleDate,
        Self::NullAddress,
        Self::EmptyAddress,
        Self::Quotes,
        Self::Commas,
        Self::LineFeed,
        Self::Emoji,
    ];

    /// Its name in the counts.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::MissingRegistrationNo => "missing_registration_no",
            Self::LongRegistrationNo => "long_registration_no",
            Self::LongName => "long_name",
            Self::ImpossibleDate => "impossible_date",
            Self::NullAddress => "null_address",
            Self::EmptyAddress => "empty_address",
            Self::Quotes => "quotes",
            Self::Commas => "commas",
            Self::LineFeed => "line_feed",
            Self::Emoji => "emoji",
        }
    }

    /// Whether the row does not fit the declared table; otherwise it is only hard to carry.
    pub(crate) fn unfit(self) -> bool {
        match self {
            Self::MissingRegistrationNo
            | Self::LongRegistrationNo
            | Self::LongName
            | Self::ImpossibleDate => true,
            Self::NullAddress
            | Self::EmptyAddress
            | Self::Quotes
            | Self::Commas
            | Self::LineFeed
            | Self::Emoji => false,
        }
    }
}

/// Out of a thousand rows: so many are blemished, and so many more are duplicates.
const BLEMISHED: u32 = 10;
const DUPLICATES: u32 = 30;

/// Characters that no name may have.
const FAR_TOO_LONG: usize = 300;

/// 2015-01-01 to 2024-12-31, in seconds since 1970.
const UPDATES: std::ops::Range<i64> = 1_420_070_400..1_735_689_600;

/// The row at that place, counted from 0.
pub(crate) fn at(country: &Country, place: u64) -> Company {
    let mut rng = stream(country, place);
    let roll = rng.random_range(0..1000);
    if place > 0 && roll < BLEMISHED {
        let blemish = Blemish::ALL.choose(&mut rng).copied().unwrap_or(Blemish::Emoji);
        return blemished(country, clean(country, place, &mut rng), blemish);
    }
    if place > 0 && roll < BLEMISHED + DUPLICATES {
        return duplicate(country, place, &mut rng);
    }
    clean(country, place, &mut rng)
}

fn stream(country: &Country, place: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(country.seed);
    rng.set_stream(place);
    rng
}

fn is_clean(country: &Country, place: u64) -> bool {
    place == 0 || stream(country, place).random_range(0..1000) >= BLEMISHED + DUPLICATES
}

fn clean(country: &Country, place: u64, rng: &mut ChaCha8Rng) -> Company {
    Company {
        registration_no: Some(country.registration_no_at(place)),
        name: country.company(rng),
        address: Some(country.address(rng)),
        city: pick(rng, country.cities),
        updated_at: moment(rng.random_range(UPDATES)),
        status: pick(rng, country.statuses),
        kind: Kind::Clean,
        officers: match country.schema.officers {
            Some(_) => (0..rng.random_range(1..=3)).map(|_| officer(country, rng)).collect(),
            None => Vec::new(),
        },
    }
}

fn officer(country: &Country, rng: &mut ChaCha8Rng) -> Officer {
    let since = moment(rng.random_range(UPDATES)).split(' ').next().map(str::to_owned);
    Officer {
        name: country.person(rng),
        role: pick(rng, country.roles),
        since: since.filter(|_| !rng.random_bool(0.05)),
    }
}

fn duplicate(country: &Country, place: u64, rng: &mut ChaCha8Rng) -> Company {
    let mut draws = (0..16).map(|_| rng.random_range(0..place));
    let of = draws.find(|it| is_clean(country, *it)).unwrap_or(0);
    let newer = rng.random_bool(0.5);
    let original = at(country, of);
    // No two duplicates of one row are equally far from it, so which of them is newest is never open.
    let distance = i64::try_from(place).unwrap_or(i64::MAX / 4) + 1;
    Company {
        name: country.respelt(&original.name),
        updated_at: shifted(&original.updated_at, if newer { distance } else { -distance }),
        kind: Kind::Duplicate { of, newer },
        officers: Vec::new(),
        ..original
    }
}

fn blemished(country: &Country, mut company: Company, blemish: Blemish) -> Company {
    match blemish {
        Blemish::MissingRegistrationNo => company.registration_no = None,
        Blemish::LongRegistrationNo => {
            company.registration_no = company.registration_no.map(|it| it.repeat(4));
        }
        Blemish::LongName => {
            company.name += &country.filler.repeat(FAR_TOO_LONG / country.filler.chars().count() + 1);
        }
        Blemish::ImpossibleDate => "2025-02-30 08:15:00".clone_into(&mut company.updated_at),
        Blemish::NullAddress => company.address = None,
        Blemish::EmptyAddress => company.address = Some(String::new()),
        Blemish::Quotes => company.name = format!("\"{}\" '{}'", company.name, company.city),
        Blemish::Commas => company.name = format!("{}, {}", company.name.replace(' ', ", "), company.city),
        Blemish::LineFeed => company.address = company.address.map(|it| format!("{it}\n{}", company.city)),
        Blemish::Emoji => company.name += " 🏛️🇪🇺",
    }
    if blemish.unfit() {
        company.officers.clear();
    }
    company.kind = Kind::Blemished(blemish);
    company
}

fn moment(second: i64) -> String {
    let moment = Timestamp::from_second(second).unwrap_or_default();
    moment.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn shifted(moment_text: &str, seconds: i64) -> String {
    let civil = moment_text.parse::<jiff::civil::DateTime>().unwrap_or_default();
    let second = civil.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |it| it.timestamp().as_second());
    moment(second + seconds)
}
