//! The Indian registry: Devanagari with conjuncts.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const INDIA: Country = Country {
    name: "india",
    seed: 91,
    rows: 1_500,
    schema: Schema {
        companies: "kampani",
        registration_no: "cin",
        name: "naam",
        address: "pata",
        city: "rajya",
        updated_at: "sanshodhan",
        status: "sthiti",
        moments: Moments::Plain,
        officers: None,
    },
    registration_no: "U74999DL#########",
    companies: &["{brand} {trade} {form}", "{family} एंड संस {form}", "{place} {trade} {form}"],
    respellings: &[("प्राइवेट लिमिटेड", "प्रा. लि."), ("लिमिटेड", "लि."), ("एलएलपी", "सीमित देयता भागीदारी")],
    addresses: &["{house} {street} मार्ग ######", "प्लॉट {house} {street} नगर ######"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["गंगा", "हिमालय", "सूर्या", "अशोक", "लक्ष्मी"]),
        ("trade", &["उद्योग", "निर्माण", "वस्त्र", "परिवहन", "मसाले"]),
        ("family", &["शर्मा", "वर्मा", "गुप्ता", "सिंह", "अग्रवाल"]),
        ("place", &["भारत", "दिल्ली", "राजस्थान"]),
        ("given", &["राजेश", "सुनीता"]),
        ("form", &["प्राइवेट लिमिटेड", "लिमिटेड", "एलएलपी"]),
        ("street", &["गांधी", "नेहरू", "पटेल", "टैगोर"]),
    ],
    cities: &["दिल्ली", "मुंबई", "जयपुर", "लखनऊ", "वाराणसी"],
    roles: &["निदेशक"],
    statuses: &["सक्रिय", "सक्रिय", "निष्क्रिय"],
    filler: "आयात निर्यात एवं सेवाएँ ",
};
