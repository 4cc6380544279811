//! The Turkish registry: Latin with dotted and dotless i.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const TURKIYE: Country = Country {
    name: "turkiye",
    seed: 90,
    rows: 1_500,
    schema: Schema {
        companies: "sirketler",
        registration_no: "mersis_no",
        name: "unvan",
        address: "adres",
        city: "il",
        updated_at: "guncelleme",
        status: "durum",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "yetkililer",
            registration_no: "mersis_no",
            officer_no: "sira",
            name: "ad_soyad",
            role: "gorev",
            since: "baslangic",
        }),
    },
    registration_no: "0#########000015",
    companies: &["{family} {trade} {form}", "{brand} {trade} {form}", "{brand} {form}"],
    respellings: &[
        ("A.Ş.", "Anonim Şirketi"),
        ("Ltd. Şti.", "Limited Şirketi"),
        ("Koll. Şti.", "Kollektif Şirketi"),
    ],
    addresses: &["{street} Cad. No: {house}, #####", "{street} Sk. No: {house}, #####"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Boğaziçi", "Işık", "Yıldız", "Güneş", "Çınar", "İncir"]),
        ("trade", &["İnşaat", "Gıda", "Tekstil", "Nakliyat", "Dış Ticaret", "Madencilik"]),
        ("family", &["Yılmaz", "Şahin", "Öztürk", "Kılıç", "Çelik", "İnönü", "Doğan"]),
        ("given", &["Ayşe", "İbrahim", "Şükrü", "Çiğdem", "Gülşah", "Ömer"]),
        ("form", &["A.Ş.", "Ltd. Şti.", "Koll. Şti."]),
        ("street", &["İstiklâl", "Atatürk", "Bağdat", "Cumhuriyet", "Şehitler"]),
    ],
    cities: &["İstanbul", "Ankara", "İzmir", "Muğla", "Şanlıurfa", "Eskişehir"],
    roles: &["Müdür", "Yönetim Kurulu Başkanı", "Ortak", "Denetçi"],
    statuses: &["faal", "faal", "faal", "tasfiye halinde", "terkin"],
    filler: "Sanayi ve Dış Ticaret ",
};
