//! The Ukrainian registry: Cyrillic with ї, є and ґ, legal forms before a name in angle quotes.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const UKRAINE: Country = Country {
    name: "ukraine",
    seed: 380,
    rows: 1_500,
    schema: Schema {
        companies: "pidpryiemstva",
        registration_no: "yedrpou",
        name: "nazva",
        address: "adresa",
        city: "misto",
        updated_at: "onovleno",
        status: "stan",
        moments: Moments::Letter,
        officers: Some(OfficersSchema {
            apart: false,
            table: "kerivnyky",
            registration_no: "yedrpou",
            officer_no: "nomer",
            name: "pib",
            role: "posada",
            since: "z_daty",
        }),
    },
    registration_no: "UA#########",
    companies: &["{form} «{brand}»", "{form} «{trade} {brand}»", "{form} «{family} і партнери»"],
    respellings: &[
        ("ТОВ", "Товариство з обмеженою відповідальністю"),
        ("ПрАТ", "Приватне акціонерне товариство"),
        ("АТ", "Акціонерне товариство"),
        ("ПП", "Приватне підприємство"),
        ("ФГ", "Фермерське господарство"),
    ],
    addresses: &["вул. {street}, {house}, #####", "просп. {street}, {house}, #####"],
    persons: &["{family} {given} {father}"],
    lists: &[
        ("brand", &["Мрія", "Дніпро", "Карпати", "Світанок", "Ґердан", "Їжак", "Злагода", "Колос"]),
        ("trade", &["Будівельна компанія", "Агрофірма", "Хлібозавод", "Енергія", "Видавництво"]),
        ("family", &["Шевченко", "Коваленко", "Бондаренко", "Ткачук", "Їжакевич", "Ґалаґан", "Єфименко"]),
        ("given", &["Олександр", "Наталія", "Євген", "Ірина", "Юрій", "Ганна"]),
        ("father", &["Іванович", "Петрівна", "Миколайович", "Василівна"]),
        ("form", &["ТОВ", "ПрАТ", "АТ", "ПП", "ФГ"]),
        ("street", &["Хрещатик", "Лесі Українки", "Івана Франка", "Соборна", "Грушевського"]),
    ],
    cities: &["Київ", "Львів", "Одеса", "Харків", "Дніпро", "Чернівці"],
    roles: &["Директор", "Головний бухгалтер", "Засновник", "Підписант"],
    statuses: &["зареєстровано", "зареєстровано", "зареєстровано", "в стані припинення", "припинено"],
    filler: "Науково-виробниче підприємство ",
};
