//! The Serbian registry: Cyrillic with letters of its own, such as љ and џ.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const SERBIA: Country = Country {
    name: "serbia",
    seed: 381,
    rows: 1_500,
    schema: Schema {
        companies: "privredna_drustva",
        registration_no: "maticni_broj",
        name: "poslovno_ime",
        address: "adresa",
        city: "mesto",
        updated_at: "izmenjeno",
        status: "status",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "zastupnici",
            registration_no: "maticni_broj",
            officer_no: "redni_broj",
            name: "ime",
            role: "funkcija",
            since: "od",
        }),
    },
    registration_no: "#########",
    companies: &["{family} {trade} {form} {city}", "{brand} {form} {city}", "{trade} {brand} {form}"],
    respellings: &[("ДОО", "Д.О.О."), ("АД", "А.Д."), ("ОД", "О.Д."), ("ПР", "П.Р.")],
    addresses: &["{street} {house}, #####", "Булевар {street} {house}, #####"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Авала", "Дрина", "Златибор", "Шумадија", "Морава", "Ђердап", "Љубостиња", "Џеп"]),
        ("trade", &["Градња", "Трговина", "Превоз", "Пекара", "Штампарија", "Млекара"]),
        (
            "family",
            &["Јовановић", "Петровић", "Николић", "Ђорђевић", "Миловановић", "Станковић", "Љубичић", "Џамић"],
        ),
        ("given", &["Милош", "Јелена", "Ђорђе", "Љиљана", "Никола", "Снежана", "Његош", "Душица"]),
        ("form", &["ДОО", "АД", "ОД", "ПР"]),
        ("street", &["Кнеза Милоша", "Краља Петра", "Цара Душана", "Његошева", "Светог Саве"]),
        ("city", &["Београд", "Нови Сад", "Ниш", "Крагујевац"]),
    ],
    cities: &["Београд", "Нови Сад", "Ниш", "Крагујевац", "Суботица", "Ужице"],
    roles: &["Директор", "Заступник", "Прокуриста", "Оснивач"],
    statuses: &["активан", "активан", "активан", "у стечају", "брисан"],
    filler: "Производња промет и услуге ",
};
