//! The Moroccan registry: Arabic names, officers in a database of their own.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const MOROCCO: Country = Country {
    name: "morocco",
    seed: 212,
    rows: 1_500,
    schema: Schema {
        companies: "entreprises",
        registration_no: "numero_rc",
        name: "raison_sociale_ar",
        address: "adresse_ar",
        city: "ville",
        updated_at: "modifie_le",
        status: "etat",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: true,
            table: "dirigeants",
            registration_no: "numero_rc",
            officer_no: "rang",
            name: "nom",
            role: "qualite",
            since: "depuis",
        }),
    },
    registration_no: "MA#########",
    companies: &["شركة {brand} {trade} {form}", "{brand} {trade} {form}", "شركة {family} وشركاؤه {form}"],
    respellings: &[
        ("ش.ذ.م.م", "شركة ذات المسؤولية المحدودة"),
        ("ش.م", "شركة مساهمة"),
        ("ش.ت", "شركة التضامن"),
    ],
    addresses: &["{house} زنقة {street}", "{house} شارع {street}"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["الأطلس", "المغرب", "الريف", "فاس", "طنجة"]),
        ("trade", &["للبناء", "للنقل", "للصيد", "للزرابي", "للفلاحة"]),
        ("family", &["بنعلي", "العلوي", "الفاسي", "بنجلون", "التازي"]),
        ("given", &["يوسف", "خديجة", "إدريس", "زينب"]),
        ("form", &["ش.ذ.م.م", "ش.م", "ش.ت"]),
        ("street", &["محمد الخامس", "الحسن الثاني", "الزرقطوني", "علال الفاسي"]),
    ],
    cities: &["الدار البيضاء", "الرباط", "فاس", "مراكش", "طنجة"],
    roles: &["Gérant", "Président", "Administrateur", "Associé"],
    statuses: &["active", "active", "active", "radiée"],
    filler: "للاستيراد والتصدير والخدمات ",
};
