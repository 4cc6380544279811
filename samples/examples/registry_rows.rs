//! Rows of a made-up company registry, as many as are asked for, as `LOAD DATA` reads them: for figures, where the
//! sample databases are too small and too colourful.
//!
//! `registry_rows ROWS [SEED]` writes id, country, registration number, name, address, city, status, revenue, moment of
//! the last change and description, tabs between them, about 190 bytes a row: half of the names Greek, the others
//! Latin, Cyrillic and of East Asia; 3% of the registration numbers those of an earlier row; nulls in a tenth of the
//! revenues and a twentieth of the descriptions; quotes, commas, line feeds and backslashes among the descriptions.
//! No two rows have the same moment, so which of two duplicates is newer is never a tie.

use std::{
    fmt::Write as _,
    io::{self, BufWriter, Error, ErrorKind, Write as _},
};

use jiff::{Timestamp, tz::TimeZone};
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

const GREEK: &[&str] = &[
    "ΑΦΟΙ",
    "Πελοποννήσου",
    "Ξυλουργική",
    "Ελαιουργία",
    "Μακεδονίας",
    "Βιομηχανία",
    "Οίνων",
    "Ακτοπλοϊκή",
    "Εκδοτική",
    "Γεωργιάδης",
    "Καραγιάννη",
    "Θράκης",
    "Κλωστήρια",
    "Τροφίμων",
    "Λατομεία",
    "Κυκλάδων",
    "Ασφαλιστική",
    "Μελετητική",
];
const LATIN: &[&str] = &[
    "Harbour",
    "Öresund",
    "Zürcher",
    "Façade",
    "Brewers",
    "O'Connor",
    "Timber",
    "Orchard",
    "Grain",
    "Optics",
    "Freight",
    "Łazienki",
    "Señorío",
    "Atlantic",
    "Printing",
    "Bros",
    "Renewables",
    "Dental",
    "Glass",
    "Ceramics",
    "Bakery",
];
const CYRILLIC: &[&str] = &[
    "Родопи",
    "Текстил",
    "Мебели",
    "Волжский",
    "Завод",
    "Мост",
    "Пристанище",
    "Черноморска",
    "Издателство",
    "Київський",
    "Хлебокомбинат",
    "Дунав",
    "Автосервис",
];
const EAST_ASIAN: &[&str] = &[
    "大阪",
    "印刷",
    "株式会社",
    "合同会社",
    "深圳",
    "食品",
    "機械",
    "海運",
    "서울",
    "건설",
    "화학",
    "주식회사",
];
const FORMS: &[&str] = &["Α.Ε.", "Ο.Ε.", "Ι.Κ.Ε.", "Inc", "B.V.", "AG", "ЕООД", "s.r.o.", "Oy"];
const STREETS: &[&str] = &[
    "Ακαδημίας",
    "Λεωφ. Συγγρού",
    "Τσιμισκή",
    "Station Road",
    "Plateia Syntagmatos",
    "бул. Цар Борис",
    "Dock, Gate",
    "Βασιλίσσης Σοφίας",
    "Rue du Marché",
    "Industrial Zone B,",
    "銀座通り",
];
const CITIES: &[&str] = &[
    "Αθήνα",
    "Θεσσαλονίκη",
    "Patras",
    "Ρόδος",
    "Serres",
    "Καβάλα",
    "Heraklion",
    "Τρίκαλα",
    "Пловдив",
    "Λαμία",
    "大阪",
];
const STATUSES: &[&str] =
    &["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "DISSOLVED", "LIQUIDATION", "DORMANT"];
const TRADES: &[&str] = &[
    "manufacture of paper goods",
    "storage and warehousing",
    "fish farming",
    "architectural services",
    "εξαγωγές",
    "boat building, repair",
    "wine, oil and spirits",
    "παραγωγή ενέργειας",
    "legal advice",
    "printing",
    "κατασκευές",
    "\"holding\" activities",
    "software\nand hosting",
    "files in D:\\archive",
    "hotels; restaurants",
    "строительство",
    "grain and feed trade",
    "vehicle inspection",
    "dental laboratories",
    "management of real property",
];

/// 2015-01-01, and the prime number of seconds of ten years that moments are spread over.
const FIRST_MOMENT: u64 = 1_420_070_400;
const MOMENTS: u64 = 315_359_989;
/// What spreads row numbers over the moments; less than [`MOMENTS`], so no two rows meet before that many.
const STRIDE: u64 = 194_903_147;
/// Out of a thousand rows.
const DUPLICATES: u32 = 30;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = || arguments.next().map(|it| it.parse::<u64>()).transpose().map_err(wrong);
    let rows = number()?.ok_or_else(|| wrong("registry_rows ROWS [SEED]"))?;
    let mut rng = ChaCha8Rng::seed_from_u64(number()?.unwrap_or(1));
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let mut line = String::new();
    for id in 1..=rows {
        line.clear();
        write_row(&mut line, id, &mut rng).map_err(Error::other)?;
        out.write_all(line.as_bytes())?;
    }
    out.flush()
}

fn wrong(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::InvalidInput, why)
}

fn write_row(line: &mut String, id: u64, rng: &mut ChaCha8Rng) -> std::fmt::Result {
    let original =
        if id > 1 && rng.random_range(0..1000) < DUPLICATES { rng.random_range(1..id) } else { id };
    // Odd, so that multiplying moves every number to another; the key's order is not the order of the ids.
    let scattered = original.wrapping_mul(0x9E6C_63D0_876A_3F6B) >> 20;
    write!(line, "{id}\tGR\tEL{scattered:014}\t")?;
    let words = match rng.random_range(0..100) {
        0..50 => GREEK,
        50..85 => LATIN,
        85..95 => CYRILLIC,
        _ => EAST_ASIAN,
    };
    for _ in 0..rng.random_range(1..=3) {
        write!(line, "{} ", pick(rng, words))?;
    }
    write!(line, "{} {}\t", rng.random_range(0..100_000), pick(rng, FORMS))?;
    write!(
        line,
        "{} {}, {}\t",
        pick(rng, STREETS),
        rng.random_range(1..=250),
        rng.random_range(10_000..90_000)
    )?;
    write!(line, "{}\t{}\t", pick(rng, CITIES), pick(rng, STATUSES))?;
    if rng.random_range(0..10) == 0 {
        line.push_str("\\N");
    } else {
        // As many small ones as large ones.
        let most = 1_u64 << rng.random_range(0..32);
        write!(line, "{}.{:02}", rng.random_range(0..most), rng.random_range(0..100))?;
    }
    write_moment(line, id)?;
    if rng.random_range(0..20) == 0 {
        line.push_str("\\N");
    } else {
        for place in 0..rng.random_range(1..=4) {
            line.push_str(if place > 0 { ", " } else { "" });
            line.push_str(&pick(rng, TRADES).replace('\\', "\\\\").replace('\n', "\\n"));
        }
    }
    line.push('\n');
    Ok(())
}

fn write_moment(line: &mut String, id: u64) -> std::fmt::Result {
    let second = FIRST_MOMENT + id % MOMENTS * STRIDE % MOMENTS;
    let moment = Timestamp::from_second(second.cast_signed()).unwrap_or_default().to_zoned(TimeZone::UTC);
    let (date, time) = (moment.date(), moment.time());
    write!(line, "\t{date} {:02}:{:02}:{:02}\t", time.hour(), time.minute(), time.second())
}

fn pick(rng: &mut ChaCha8Rng, words: &[&'static str]) -> &'static str {
    words.choose(rng).copied().unwrap_or_default()
}
