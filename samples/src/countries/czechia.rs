//! The Czech registry: Latin with carons and rings.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const CZECHIA: Country = Country {
    name: "czechia",
    seed: 420,
    rows: 1_500,
    schema: Schema {
        companies: "subjekty",
        registration_no: "ico",
        name: "obchodni_firma",
        address: "sidlo",
        city: "obec",
        updated_at: "zmeneno",
        status: "stav",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "statutari",
            registration_no: "ico",
            officer_no: "poradi",
            name: "jmeno",
            role: "funkce",
            since: "od",
        }),
    },
    registration_no: "CZ#########",
    companies: &["{brand} {form}", "{family} a syn {form}", "{trade} {brand} {form}"],
    respellings: &[
        ("s.r.o.", "spol. s r. o."),
        ("a.s.", "akciová společnost"),
        ("v.o.s.", "veřejná obchodní společnost"),
        ("k.s.", "komanditní společnost"),
    ],
    addresses: &["{street} {house}, ### ##", "{street} {house}/##, ### ##"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Vltava", "Šumava", "Řip", "Ještěd", "Krkonoše", "Žižkov", "Bílá Hůrka"]),
        ("trade", &["Stavby", "Pivovar", "Sklárna", "Strojírny", "Tiskárna"]),
        ("family", &["Novák", "Dvořák", "Černý", "Procházka", "Kučera", "Veselý", "Němec", "Říha"]),
        ("given", &["Jiří", "Kateřina", "Tomáš", "Zdeněk", "Růžena", "Věra", "Ondřej"]),
        ("form", &["s.r.o.", "a.s.", "v.o.s.", "k.s."]),
        ("street", &["Václavské náměstí", "Národní", "Dlouhá", "Příkopy", "Nádražní"]),
    ],
    cities: &["Praha", "Brno", "Ostrava", "Plzeň", "Liberec", "Český Krumlov"],
    roles: &["Jednatel", "Předseda představenstva", "Člen dozorčí rady", "Prokurista"],
    statuses: &["aktivní", "aktivní", "aktivní", "v likvidaci", "zaniklý"],
    filler: "Výroba obchod a služby ",
};
