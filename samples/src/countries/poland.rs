//! The Polish registry: Latin with ogoneks, strokes and acutes.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const POLAND: Country = Country {
    name: "poland",
    seed: 48,
    rows: 1_500,
    schema: Schema {
        companies: "podmioty",
        registration_no: "krs",
        name: "nazwa",
        address: "adres",
        city: "miejscowosc",
        updated_at: "data_zmiany",
        status: "stan",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "reprezentanci",
            registration_no: "krs",
            officer_no: "lp",
            name: "nazwisko_imie",
            role: "funkcja",
            since: "od_dnia",
        }),
    },
    registration_no: "0#########",
    companies: &["{brand} {form}", "{family} i Wspólnicy {form}", "{trade} {brand} {form}"],
    respellings: &[
        ("sp. z o.o.", "Spółka z ograniczoną odpowiedzialnością"),
        ("S.A.", "Spółka Akcyjna"),
        ("sp.j.", "Spółka Jawna"),
        ("sp.k.", "Spółka Komandytowa"),
    ],
    addresses: &["ul. {street} {house}, ##-###", "al. {street} {house}, ##-###"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Wisła", "Żubr", "Śnieżka", "Łabędź", "Źródło", "Dąbrowa", "Świteź", "Mazowsze"]),
        ("trade", &["Przedsiębiorstwo Budowlane", "Zakłady Mięsne", "Hurtownia", "Piekarnia", "Wydawnictwo"]),
        (
            "family",
            &[
                "Nowak",
                "Wiśniewski",
                "Wójcik",
                "Kowalczyk",
                "Dąbrowski",
                "Łukaszewicz",
                "Żółkiewski",
                "Gżegżółka",
            ],
        ),
        ("given", &["Stanisław", "Małgorzata", "Łukasz", "Agnieszka", "Paweł", "Bożena", "Grażyna"]),
        ("form", &["sp. z o.o.", "S.A.", "sp.j.", "sp.k."]),
        (
            "street",
            &["Marszałkowska", "Świętokrzyska", "Długa", "Piłsudskiego", "Żeromskiego", "Mickiewicza"],
        ),
    ],
    cities: &["Warszawa", "Kraków", "Łódź", "Wrocław", "Poznań", "Gdańsk", "Rzeszów"],
    roles: &["Prezes Zarządu", "Członek Zarządu", "Prokurent", "Wspólnik"],
    statuses: &["czynny", "czynny", "czynny", "w likwidacji", "wykreślony"],
    filler: "Produkcja handel i usługi wielobranżowe ",
};
