//! The Thai registry: Thai script with vowels and tones above and below.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const THAILAND: Country = Country {
    name: "thailand",
    seed: 66,
    rows: 1_500,
    schema: Schema {
        companies: "nitibukkhon",
        registration_no: "lek_thabian",
        name: "chue",
        address: "thi_tang",
        city: "changwat",
        updated_at: "kaekhai",
        status: "sathana",
        moments: Moments::Plain,
        officers: None,
    },
    registration_no: "0105#########",
    companies: &["บริษัท {brand}{trade} จำกัด", "บริษัท {brand} จำกัด (มหาชน)", "ห้างหุ้นส่วนจำกัด {brand}{trade}"],
    respellings: &[("บริษัท", "บจก."), ("ห้างหุ้นส่วนจำกัด", "หจก.")],
    addresses: &["เลขที่ {house} ถนน{street} #####", "{house}/## ซอย {street} #####"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["สยาม", "รุ่งเรือง", "ช้างทอง", "น้ำใส", "เจ้าพระยา"]),
        ("trade", &["ก่อสร้าง", "การค้า", "ขนส่ง", "อาหาร", "ผ้าไทย"]),
        ("family", &["สุขใจ", "แก้วมณี"]),
        ("given", &["สมชาย", "สมหญิง"]),
        ("street", &["สุขุมวิท", "พระราม", "สีลม", "เพชรบุรี"]),
    ],
    cities: &["กรุงเทพมหานคร", "เชียงใหม่", "ภูเก็ต", "ขอนแก่น"],
    roles: &["กรรมการ"],
    statuses: &["ดำเนินกิจการ", "ดำเนินกิจการ", "เลิก"],
    filler: "นำเข้าและส่งออกสินค้า ",
};
