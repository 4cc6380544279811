//! The French registry: accents, ligatures and elisions.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const FRANCE: Country = Country {
    name: "france",
    seed: 33,
    rows: 1_500,
    schema: Schema {
        companies: "entreprises",
        registration_no: "siren",
        name: "denomination",
        address: "adresse",
        city: "commune",
        updated_at: "mis_a_jour",
        status: "etat",
        moments: Moments::Plain,
        officers: None,
    },
    registration_no: "#########",
    companies: &["{trade} {family} {form}", "{brand} {form}", "{family} et Fils {form}"],
    respellings: &[
        ("SARL", "S.A.R.L."),
        ("SAS", "S.A.S."),
        ("EURL", "E.U.R.L."),
        ("SA", "S.A."),
        ("SNC", "S.N.C."),
    ],
    addresses: &["{house} rue {street}, #####", "{house} bis avenue {street}, #####"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["L'Étoile", "Cœur de Ville", "L'Île aux Fleurs", "Le Chêne"]),
        ("trade", &["Boulangerie", "Société d'Exploitation", "Garage", "Pâtisserie", "Hôtel"]),
        ("family", &["Lefèvre", "Béranger", "Gaël", "François", "L'Huillier", "Noël"]),
        ("given", &["Zoé", "Élodie", "Jérôme"]),
        ("form", &["SARL", "SAS", "EURL", "SA", "SNC"]),
        ("street", &["de l'Église", "du Général Leclerc", "des Œillets", "Saint-Étienne", "Pasteur"]),
    ],
    cities: &["Paris", "Besançon", "Orléans", "Saint-Étienne", "Nîmes"],
    roles: &["Gérant"],
    statuses: &["active", "active", "radiée"],
    filler: "Société française d'importation ",
};
