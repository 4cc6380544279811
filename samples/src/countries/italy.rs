//! The Italian registry: apostrophes and final accents.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const ITALY: Country = Country {
    name: "italy",
    seed: 39,
    rows: 1_500,
    schema: Schema {
        companies: "imprese",
        registration_no: "codice_rea",
        name: "denominazione",
        address: "indirizzo",
        city: "comune",
        updated_at: "aggiornata_il",
        status: "stato",
        moments: Moments::Plain,
        officers: None,
    },
    registration_no: "RM#########",
    companies: &["{trade} {family} {form}", "Fratelli {family} {form}", "{brand} {form}"],
    respellings: &[("S.r.l.", "Srl"), ("S.p.A.", "Spa"), ("S.n.c.", "Snc"), ("S.a.s.", "Sas")],
    addresses: &["Via {street} {house}, #####", "Piazza {street} {house}, #####"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["La Città", "Dell'Arte", "Libertà", "Il Caffè"]),
        ("trade", &["Panificio", "Officina", "Tessitura", "Azienda Agricola", "Caffè"]),
        ("family", &["D'Angelo", "Dell'Oro", "Nicolò", "Rossi", "Pietrabbà", "Forlì"]),
        ("given", &["Niccolò", "Giosuè"]),
        ("form", &["S.r.l.", "S.p.A.", "S.n.c.", "S.a.s."]),
        ("street", &["dell'Università", "XX Settembre", "Forlì", "della Libertà", "Sant'Agata"]),
    ],
    cities: &["Roma", "Milano", "Forlì", "L'Aquila", "Reggio nell'Emilia"],
    roles: &["Amministratore"],
    statuses: &["attiva", "attiva", "cessata"],
    filler: "Società di importazione e qualità ",
};
