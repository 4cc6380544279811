//! The Korean registry: Hangul, legal forms before and behind the name.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const SOUTH_KOREA: Country = Country {
    name: "south_korea",
    seed: 82,
    rows: 1_500,
    schema: Schema {
        companies: "beobin",
        registration_no: "deungnok_beonho",
        name: "sangho",
        address: "juso",
        city: "sido",
        updated_at: "byeongyeong",
        status: "sangtae",
        moments: Moments::Apart,
        officers: Some(OfficersSchema {
            apart: false,
            table: "imwon",
            registration_no: "deungnok_beonho",
            officer_no: "sunbeon",
            name: "seongmyeong",
            role: "jikwi",
            since: "chwiim",
        }),
    },
    registration_no: "110111-#########",
    companies: &["{form} {brand}{trade}", "{brand}{trade} {form}", "{brand} {trade} {form}"],
    respellings: &[("주식회사", "(주)"), ("유한회사", "(유)"), ("합자회사", "(합)")],
    addresses: &["{city} {street} {house}", "{city} {street} {house}번길 #"],
    persons: &["{family}{given}"],
    lists: &[
        ("brand", &["한빛", "대한", "세종", "무궁화", "백두", "미래"]),
        ("trade", &["전자", "건설", "식품", "물류", "화학", "정보통신"]),
        ("family", &["김", "이", "박", "최", "정", "강"]),
        ("given", &["민준", "서연", "지훈", "은지", "현우", "수빈"]),
        ("form", &["주식회사", "주식회사", "유한회사", "합자회사"]),
        ("city", &["서울특별시", "부산광역시", "대구광역시"]),
        ("street", &["강남대로", "세종대로", "테헤란로", "중앙로"]),
    ],
    cities: &["서울", "부산", "대구", "인천", "광주"],
    roles: &["대표이사", "사내이사", "감사", "사외이사"],
    statuses: &["등기", "등기", "등기", "청산", "해산"],
    filler: "수출입 무역 및 종합 유통 서비스 ",
};
