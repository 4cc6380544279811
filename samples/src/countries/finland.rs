//! The Finnish registry: Finnish and Swedish names side by side.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const FINLAND: Country = Country {
    name: "finland",
    seed: 358,
    rows: 1_500,
    schema: Schema {
        companies: "yritykset",
        registration_no: "y_tunnus",
        name: "toiminimi",
        address: "osoite",
        city: "kunta",
        updated_at: "paivitetty",
        status: "tila",
        moments: Moments::Plain,
        officers: None,
    },
    registration_no: "FI#########",
    companies: &["{brand} {form}", "{family} {trade} {form}", "{trade} {brand} {form}"],
    respellings: &[
        ("Oy", "Osakeyhtiö"),
        ("Ab", "Aktiebolag"),
        ("Ky", "Kommandiittiyhtiö"),
        ("Osk", "Osuuskunta"),
    ],
    addresses: &["{street} {house}, #####"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Näkki", "Väinö", "Pöllö", "Hämäläinen", "Kättärä", "Åbo"]),
        ("trade", &["Rakennus", "Kuljetus", "Leipomo", "Metsä", "Sähkö"]),
        ("family", &["Mäkinen", "Nieminen", "Hämäläinen", "Järvinen", "Söderström", "Åkerblom"]),
        ("given", &["Päivi", "Jyrki", "Äijö", "Sisko"]),
        ("form", &["Oy", "Ab", "Ky", "Osk"]),
        ("street", &["Mannerheimintie", "Hämeenkatu", "Itäinen Pitkäkatu", "Kävelykatu"]),
    ],
    cities: &["Helsinki", "Tampere", "Turku", "Jyväskylä", "Hämeenlinna"],
    roles: &["Toimitusjohtaja"],
    statuses: &["toiminnassa", "toiminnassa", "selvitystilassa"],
    filler: "Tuonti vienti ja palvelut ",
};
