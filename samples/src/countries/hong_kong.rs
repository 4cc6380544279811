//! The Hong Kong registry: Chinese names, English addresses.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const HONG_KONG: Country = Country {
    name: "hong_kong",
    seed: 852,
    rows: 1_500,
    schema: Schema {
        companies: "companies",
        registration_no: "br_no",
        name: "chinese_name",
        address: "registered_office",
        city: "district",
        updated_at: "last_filing",
        status: "status",
        moments: Moments::Plain,
        officers: None,
    },
    registration_no: "HK#########",
    companies: &["{brand}{trade}{form}", "香港{brand}{trade}{form}", "{family}記{trade}{form}"],
    respellings: &[("有限公司", "（有限）公司"), ("合夥", "合夥商號")],
    addresses: &["{house} {street}, ##/F", "Flat #, {house} {street}"],
    persons: &["{family}{given}"],
    lists: &[
        ("brand", &["恒隆", "太平", "永安", "金龍", "維港", "獅山"]),
        ("trade", &["實業", "茶餐廳", "航運", "地產", "珠寶", "物流"]),
        ("family", &["陳", "何", "梁", "鄧", "霍"]),
        ("given", &["家輝", "美玲"]),
        ("form", &["有限公司", "有限公司", "合夥"]),
        ("street", &["Nathan Road", "Queen's Road Central", "Des Voeux Road", "Hennessy Road"]),
    ],
    cities: &["中環", "灣仔", "旺角", "觀塘", "沙田"],
    roles: &["董事"],
    statuses: &["註冊", "註冊", "已解散"],
    filler: "國際貿易投資發展集團控股",
};
