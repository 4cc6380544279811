//! The German registry: umlauts, ß and long legal forms.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const GERMANY: Country = Country {
    name: "germany",
    seed: 49,
    rows: 1_500,
    schema: Schema {
        companies: "unternehmen",
        registration_no: "registernummer",
        name: "firma",
        address: "anschrift",
        city: "sitz",
        updated_at: "geaendert_am",
        status: "stand",
        moments: Moments::Plain,
        officers: None,
    },
    registration_no: "HRB#########",
    companies: &["{family} {trade} {form}", "{trade} {family} & Söhne {form}", "{brand} {form}"],
    respellings: &[
        ("GmbH", "Gesellschaft mit beschränkter Haftung"),
        ("AG", "Aktiengesellschaft"),
        ("OHG", "oHG"),
        ("KG", "Kommanditgesellschaft"),
        ("e.K.", "eingetragener Kaufmann"),
    ],
    addresses: &["{street} {house}, #####"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Bärenbräu", "Großmarkt", "Königsquell", "Weißblech", "Grünkern"]),
        ("trade", &["Bäckerei", "Schlüsseldienst", "Maschinenbau", "Möbelhaus", "Getränkehandel"]),
        ("family", &["Müller", "Schäfer", "Größl", "Weiß", "Jürgens", "Vößing"]),
        ("given", &["Jörg", "Käthe", "Günther", "Bärbel"]),
        ("form", &["GmbH", "AG", "OHG", "KG", "e.K."]),
        ("street", &["Hauptstraße", "Königsallee", "Am Mühlbach", "Goethestraße", "Größenweg"]),
    ],
    cities: &["Köln", "München", "Düsseldorf", "Nürnberg", "Würzburg", "Gießen"],
    roles: &["Geschäftsführer"],
    statuses: &["eingetragen", "eingetragen", "gelöscht"],
    filler: "Gesellschaft zur Förderung des Außenhandels ",
};
