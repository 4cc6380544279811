//! The Brazilian registry: Portuguese with the forms of Brazil.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const BRAZIL: Country = Country {
    name: "brazil",
    seed: 55,
    rows: 1_500,
    schema: Schema {
        companies: "pessoas_juridicas",
        registration_no: "cnpj",
        name: "razao_social",
        address: "logradouro",
        city: "municipio",
        updated_at: "atualizacao",
        status: "situacao",
        moments: Moments::Slashes,
        officers: None,
    },
    registration_no: "#########0001",
    companies: &["{trade} {family} {form}", "{brand} {trade} {form}", "Irmãos {family} {form}"],
    respellings: &[
        ("Ltda.", "Limitada"),
        ("S.A.", "Sociedade Anônima"),
        ("EIRELI", "Eireli - ME"),
        ("MEI", "M.E.I."),
    ],
    addresses: &["Rua {street} {house}, #####-###", "Avenida {street} {house}, #####-###"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Açaí", "Ipê", "Tucumã", "Pão de Açúcar", "Guaraná"]),
        ("trade", &["Comércio", "Construções", "Laticínios", "Confecções", "Mineração"]),
        ("family", &["Gonçalves", "Araújo", "Conceição", "Brandão", "Magalhães"]),
        ("given", &["João"]),
        ("form", &["Ltda.", "S.A.", "EIRELI", "MEI"]),
        ("street", &["das Nações", "São João", "Paulista", "Getúlio Vargas"]),
    ],
    cities: &["São Paulo", "Brasília", "Goiânia", "Belém", "Florianópolis", "Maceió"],
    roles: &["Sócio"],
    statuses: &["ativa", "ativa", "baixada"],
    filler: "Comércio de importação e exportação ",
};
