//! The Israeli registry: Hebrew, right to left, with gershayim in abbreviations.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const ISRAEL: Country = Country {
    name: "israel",
    seed: 972,
    rows: 1_500,
    schema: Schema {
        companies: "hevrot",
        registration_no: "mispar_hevra",
        name: "shem",
        address: "ktovet",
        city: "yishuv",
        updated_at: "udkan",
        status: "matzav",
        moments: Moments::Letter,
        officers: Some(OfficersSchema {
            apart: false,
            table: "nosei_misra",
            registration_no: "mispar_hevra",
            officer_no: "mispar",
            name: "shem",
            role: "tafkid",
            since: "mitaarich",
        }),
    },
    registration_no: "51#########",
    companies: &["{brand} {trade} {form}", "{family} ובניו {form}", "{trade} {family} {form}"],
    respellings: &[("בע״מ", "בעמ"), ("שותפות מוגבלת", "ש.מ."), ("ושות׳", "ושותפים")],
    addresses: &["רחוב {street} {house}", "שדרות {street} {house}"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["כרמל", "גליל", "ארז", "תבור", "שקד"]),
        ("trade", &["בנייה", "מזון", "תוכנה", "הובלות", "טקסטיל"]),
        ("family", &["כהן", "לוי", "מזרחי", "פרידמן", "אברהם"]),
        ("given", &["יוסף", "שרה", "דוד", "רחל", "משה", "מרים"]),
        ("form", &["בע״מ", "בע״מ", "ושות׳", "שותפות מוגבלת"]),
        ("street", &["הרצל", "ז׳בוטינסקי", "בן יהודה", "רוטשילד"]),
    ],
    cities: &["תל אביב", "ירושלים", "חיפה", "באר שבע", "נצרת"],
    roles: &["מנכ״ל", "דירקטור", "מורשה חתימה", "יו״ר"],
    statuses: &["פעילה", "פעילה", "פעילה", "בפירוק", "מחוקה"],
    filler: "יבוא יצוא ושיווק מוצרים ",
};
