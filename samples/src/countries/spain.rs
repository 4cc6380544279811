//! The Spanish registry: ñ and accents.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const SPAIN: Country = Country {
    name: "spain",
    seed: 34,
    rows: 1_500,
    schema: Schema {
        companies: "sociedades",
        registration_no: "hoja",
        name: "razon_social",
        address: "domicilio",
        city: "municipio",
        updated_at: "fecha_cambio",
        status: "situacion",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "cargos",
            registration_no: "hoja",
            officer_no: "orden",
            name: "nombre",
            role: "cargo",
            since: "desde",
        }),
    },
    registration_no: "M-#########",
    companies: &["{family} y {family} {form}", "{trade} {place} {form}", "Hermanos {family} {form}"],
    respellings: &[
        ("S.L.", "Sociedad Limitada"),
        ("S.A.", "Sociedad Anónima"),
        ("S.C.", "Sociedad Colectiva"),
        ("S. Coop.", "Sociedad Cooperativa"),
    ],
    addresses: &["Calle {street} {house}, #####", "Plaza {street} {house}, #####"],
    persons: &["{given} {family} {family}"],
    lists: &[
        ("trade", &["Construcciones", "Cerámicas", "Viñedos", "Transportes", "Panadería"]),
        ("place", &["de la Mancha", "del Sur", "de Ávila", "de Logroño"]),
        ("family", &["Núñez", "Muñoz", "Peña", "García", "Ibáñez", "Zúñiga", "Güell"]),
        ("given", &["José", "Íñigo", "Begoña", "Ángel", "Lucía"]),
        ("form", &["S.L.", "S.A.", "S.C.", "S. Coop."]),
        ("street", &["Mayor", "de España", "de Alcalá", "del Niño", "de la Constitución"]),
    ],
    cities: &["Madrid", "Málaga", "León", "Cádiz", "A Coruña", "Logroño"],
    roles: &["Administrador único", "Consejero", "Apoderado", "Presidente"],
    statuses: &["activa", "activa", "activa", "en concurso", "extinguida"],
    filler: "Explotación y comercialización de ",
};
