//! The Egyptian registry: Arabic, right to left.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const EGYPT: Country = Country {
    name: "egypt",
    seed: 20,
    rows: 1_500,
    schema: Schema {
        companies: "sharikat",
        registration_no: "raqm_segel",
        name: "ism",
        address: "enwan",
        city: "mohafza",
        updated_at: "tahdith",
        status: "hala",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "modaraa",
            registration_no: "raqm_segel",
            officer_no: "tartib",
            name: "ism",
            role: "wazifa",
            since: "mondh",
        }),
    },
    registration_no: "EG#########",
    companies: &["شركة {brand} {trade} {form}", "{family} وأولاده {form}", "مؤسسة {brand} {trade}"],
    respellings: &[
        ("مؤسسة", "م."),
        ("شركة", "ش."),
        ("ش.م.م", "شركة مساهمة مصرية"),
        ("ذ.م.م", "ذات مسئولية محدودة"),
    ],
    addresses: &["{house} شارع {street}", "{house} ميدان {street}"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["النيل", "الأهرام", "الدلتا", "الفراعنة", "السلام"]),
        ("trade", &["للتجارة", "للمقاولات", "للأغذية", "للنقل", "للنسيج"]),
        ("family", &["محمود", "السيد", "عبدالرحمن", "حسن", "المصري"]),
        ("given", &["أحمد", "فاطمة", "محمد", "مريم", "خالد", "نور"]),
        ("form", &["ش.م.م", "ذ.م.م"]),
        ("street", &["التحرير", "طلعت حرب", "رمسيس", "الجمهورية"]),
    ],
    cities: &["القاهرة", "الجيزة", "الإسكندرية", "أسوان", "طنطا"],
    roles: &["مدير", "رئيس مجلس الإدارة", "عضو مجلس", "شريك"],
    statuses: &["قائمة", "قائمة", "قائمة", "تحت التصفية", "مشطوبة"],
    filler: "للاستيراد والتصدير والتوكيلات ",
};
