//! The Bulgarian registry: Cyrillic, legal forms behind the name.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const BULGARIA: Country = Country {
    name: "bulgaria",
    seed: 359,
    rows: 1_500,
    schema: Schema {
        companies: "firmi",
        registration_no: "eik",
        name: "naimenovanie",
        address: "adres",
        city: "grad",
        updated_at: "obnoven_na",
        status: "sastoyanie",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "lica",
            registration_no: "eik",
            officer_no: "nomer",
            name: "ime",
            role: "dlajnost",
            since: "ot_data",
        }),
    },
    registration_no: "#########",
    companies: &["{brand} {form}", "{trade} {place} {form}", "{family} и синове {form}"],
    respellings: &[
        ("ЕООД", "Е.О.О.Д."),
        ("ООД", "О.О.Д."),
        ("ЕАД", "Е.А.Д."),
        ("АД", "А.Д."),
        ("ЕТ", "Е.Т."),
    ],
    addresses: &["ул. {street} {house}, ####", "бул. {street} {house}, ####"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Родопи", "Пирин", "Орфей", "Марица", "Хемус", "Тракия", "Балкан", "Искър"]),
        (
            "trade",
            &[
                "Строител",
                "Хранителна промишленост",
                "Текстил",
                "Транспорт",
                "Винпром",
                "Електроника",
                "Мебели",
                "Туризъм",
            ],
        ),
        ("place", &["София", "Пловдив", "Варна", "Рила", "Дунав", "Загора"]),
        ("family", &["Иванов", "Георгиев", "Димитров", "Петров", "Николов", "Стоянов", "Тодоров", "Ангелов"]),
        ("given", &["Иван", "Мария", "Георги", "Елена", "Димитър", "Цветанка", "Николай", "Радка"]),
        ("form", &["ООД", "ЕООД", "АД", "ЕАД", "ЕТ"]),
        ("street", &["Васил Левски", "Христо Ботев", "Витоша", "Шипка", "Раковски", "Цар Борис III"]),
    ],
    cities: &["София", "Пловдив", "Варна", "Бургас", "Русе", "Стара Загора", "Плевен"],
    roles: &["Управител", "Прокурист", "Член на съвета", "Председател"],
    statuses: &["действащ", "действащ", "действащ", "в ликвидация", "заличен"],
    filler: "Внос износ търговия и услуги ",
};
