//! The Hungarian registry: double acutes, family names first.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const HUNGARY: Country = Country {
    name: "hungary",
    seed: 36,
    rows: 1_500,
    schema: Schema {
        companies: "cegek",
        registration_no: "cegjegyzekszam",
        name: "nev",
        address: "szekhely",
        city: "varos",
        updated_at: "modositva",
        status: "allapot",
        moments: Moments::Apart,
        officers: None,
    },
    registration_no: "01-09-#########",
    companies: &["{family} és Társa {form}", "{trade} {form}", "{brand} {trade} {form}"],
    respellings: &[
        ("Kft.", "Korlátolt Felelősségű Társaság"),
        ("Zrt.", "Zártkörűen Működő Részvénytársaság"),
        ("Bt.", "Betéti Társaság"),
        ("Nyrt.", "Nyilvánosan Működő Részvénytársaság"),
    ],
    addresses: &["{street} utca {house}, ####", "{street} út {house}, ####"],
    persons: &["{family} {given}"],
    lists: &[
        ("brand", &["Hűvösvölgyi", "Tőkés", "Öböl", "Szőlő"]),
        ("trade", &["Építő", "Fűszer", "Könyvkiadó", "Gyógyszer", "Erdő"]),
        ("family", &["Kovács", "Szőke", "Tóth", "Győri", "Hegedűs", "Fűzfa"]),
        ("given", &["Győző", "Erzsébet"]),
        ("form", &["Kft.", "Zrt.", "Bt.", "Nyrt."]),
        ("street", &["Petőfi", "Kossuth", "Bartók Béla", "Szőlő", "Fő"]),
    ],
    cities: &["Budapest", "Győr", "Pécs", "Székesfehérvár", "Hódmezővásárhely"],
    roles: &["Ügyvezető"],
    statuses: &["működő", "működő", "törölt"],
    filler: "Kereskedelmi és Szolgáltató ",
};
