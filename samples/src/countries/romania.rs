//! The Romanian registry: letters with commas below.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const ROMANIA: Country = Country {
    name: "romania",
    seed: 40,
    rows: 1_500,
    schema: Schema {
        companies: "firme",
        registration_no: "nr_inregistrare",
        name: "denumire",
        address: "sediu",
        city: "localitate",
        updated_at: "actualizat",
        status: "stare",
        moments: Moments::Plain,
        officers: None,
    },
    registration_no: "J40/#########",
    companies: &["{trade} {family} {form}", "{brand} {form}", "{brand} {trade} {form}"],
    respellings: &[("S.R.L.", "SRL"), ("S.A.", "SA"), ("S.N.C.", "SNC"), ("P.F.A.", "PFA")],
    addresses: &["Str. {street} nr. {house}, ######", "Bd. {street} nr. {house}, ######"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Dunărea", "Brădet", "Făgăraș", "Țepeș", "Știința"]),
        ("trade", &["Construcții", "Panificație", "Țesătorie", "Vânzări", "Împrejmuiri"]),
        ("family", &["Țăranu", "Șerban", "Brătianu", "Crăciun", "Dumitrașcu"]),
        ("given", &["Ștefan", "Ioana"]),
        ("form", &["S.R.L.", "S.A.", "S.N.C.", "P.F.A."]),
        ("street", &["Ștefan cel Mare", "Unirii", "Mihai Viteazul", "Înfrățirii"]),
    ],
    cities: &["București", "Iași", "Timișoara", "Brașov", "Constanța", "Târgu Mureș"],
    roles: &["Administrator"],
    statuses: &["funcțiune", "funcțiune", "radiată"],
    filler: "Producție și comercializare ",
};
