//! The Swedish registry: Latin with å, ä and ö.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const SWEDEN: Country = Country {
    name: "sweden",
    seed: 46,
    rows: 1_500,
    schema: Schema {
        companies: "foretag",
        registration_no: "orgnr",
        name: "firma",
        address: "gatuadress",
        city: "postort",
        updated_at: "andrad",
        status: "status",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "funktionarer",
            registration_no: "orgnr",
            officer_no: "nr",
            name: "namn",
            role: "roll",
            since: "tilltrade",
        }),
    },
    registration_no: "5#########",
    companies: &["{brand} {form}", "{family} & Söner {form}", "{trade} i {city} {form}"],
    respellings: &[
        ("AB", "Aktiebolag"),
        ("HB", "Handelsbolag"),
        ("KB", "Kommanditbolag"),
        ("Ek. för.", "Ekonomisk förening"),
    ],
    addresses: &["{street} {house}, ### ##"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Älvdalen", "Örnen", "Åsgård", "Näcken", "Björken", "Snöflingan"]),
        ("trade", &["Bygg", "Åkeri", "Måleri", "Snickeri", "Rörläggare"]),
        ("family", &["Åkesson", "Öberg", "Sjöström", "Lindström", "Ängqvist", "Håkansson"]),
        ("given", &["Björn", "Åsa", "Göran", "Märta", "Håkan", "Örjan"]),
        ("form", &["AB", "HB", "KB", "Ek. för."]),
        ("street", &["Storgatan", "Kungsgatan", "Ågatan", "Östra Hamngatan", "Sjövägen"]),
        ("city", &["Malmö", "Göteborg", "Umeå"]),
    ],
    cities: &["Stockholm", "Göteborg", "Malmö", "Örebro", "Umeå", "Västerås"],
    roles: &["Styrelseledamot", "Verkställande direktör", "Suppleant", "Revisor"],
    statuses: &["aktivt", "aktivt", "aktivt", "i likvidation", "avregistrerat"],
    filler: "Handelsbolaget för in- och utförsel ",
};
