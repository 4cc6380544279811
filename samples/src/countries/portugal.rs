//! The Portuguese registry: Latin with tildes and cedillas.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const PORTUGAL: Country = Country {
    name: "portugal",
    seed: 351,
    rows: 1_500,
    schema: Schema {
        companies: "empresas",
        registration_no: "nipc",
        name: "firma",
        address: "morada",
        city: "localidade",
        updated_at: "atualizado_em",
        status: "situacao",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "gerentes",
            registration_no: "nipc",
            officer_no: "ordem",
            name: "nome",
            role: "cargo",
            since: "desde",
        }),
    },
    registration_no: "#########",
    companies: &["{family} & Filhos {form}", "{trade} {place} {form}", "{brand} {form}"],
    respellings: &[("Lda.", "Limitada"), ("S.A.", "Sociedade Anónima"), ("Unipessoal", "Soc. Unipessoal")],
    addresses: &["Rua {street} {house}, ####-###", "Avenida {street} {house}, ####-###"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Âncora", "Três Irmãos", "Maçã de Ouro", "Coração", "Andorinha"]),
        ("trade", &["Construções", "Pão e Vinho", "Transportes", "Cortiças", "Confecções"]),
        ("place", &["do Minho", "de Trás-os-Montes", "do Alentejo", "dos Açores"]),
        ("family", &["Gonçalves", "Simões", "Conceição", "Araújo", "Magalhães", "Guimarães"]),
        ("given", &["João", "Inês", "Luís", "Conceição", "António", "Graça"]),
        ("form", &["Lda.", "S.A.", "Unipessoal Lda."]),
        ("street", &["da Conceição", "de Santo António", "da República", "do Comércio", "das Flores"]),
    ],
    cities: &["Lisboa", "Porto", "Évora", "Guimarães", "Setúbal", "Portimão"],
    roles: &["Gerente", "Administrador", "Presidente do Conselho", "Procurador"],
    statuses: &["ativa", "ativa", "ativa", "em liquidação", "dissolvida"],
    filler: "Importação e Exportação de ",
};
