//! The Georgian registry: Mkhedruli, which has no capitals.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const GEORGIA: Country = Country {
    name: "georgia",
    seed: 995,
    rows: 1_500,
    schema: Schema {
        companies: "kompaniebi",
        registration_no: "saidentifikacio",
        name: "dasakheleba",
        address: "misamarti",
        city: "kalaki",
        updated_at: "ganakhlda",
        status: "statusi",
        moments: Moments::Plain,
        officers: None,
    },
    registration_no: "GE#########",
    companies: &["{form} {brand}", "{form} {trade} {brand}", "{form} {family} და კომპანია"],
    respellings: &[
        ("შპს", "შეზღუდული პასუხისმგებლობის საზოგადოება"),
        ("სს", "სააქციო საზოგადოება"),
        ("იმ", "ინდივიდუალური მეწარმე"),
    ],
    addresses: &["{street} ქუჩა {house}, ####", "{street} გამზირი {house}, ####"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["კავკასია", "მტკვარი", "ივერია", "კოლხეთი", "არაგვი"]),
        ("trade", &["მშენებელი", "ღვინო", "ტრანსპორტი", "ენერგია"]),
        ("family", &["ბერიძე", "კაპანაძე", "გელაშვილი", "მაისურაძე"]),
        ("given", &["გიორგი", "ნინო"]),
        ("form", &["შპს", "სს", "იმ"]),
        ("street", &["რუსთაველის", "ჭავჭავაძის", "აღმაშენებლის", "თამარ მეფის"]),
    ],
    cities: &["თბილისი", "ბათუმი", "ქუთაისი", "რუსთავი"],
    roles: &["დირექტორი"],
    statuses: &["აქტიური", "აქტიური", "გაუქმებული"],
    filler: "იმპორტი ექსპორტი და მომსახურება ",
};
