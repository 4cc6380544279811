//! The Taiwanese registry: traditional Chinese, no spaces between words.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const TAIWAN: Country = Country {
    name: "taiwan",
    seed: 886,
    rows: 1_500,
    schema: Schema {
        companies: "gongsi",
        registration_no: "tongyi_bianhao",
        name: "mingcheng",
        address: "dizhi",
        city: "xianshi",
        updated_at: "gengxin",
        status: "zhuangtai",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "dongjian",
            registration_no: "tongyi_bianhao",
            officer_no: "xuhao",
            name: "xingming",
            role: "zhicheng",
            since: "jiuren",
        }),
    },
    registration_no: "TW#########",
    companies: &["{brand}{trade}{form}", "{family}氏{trade}{form}", "{place}{brand}{trade}{form}"],
    respellings: &[("股份有限公司", "（股）公司"), ("有限公司", "（有）公司"), ("企業社", "企業行")],
    addresses: &["{city}{street}{house}號", "{city}{street}{house}號#樓"],
    persons: &["{family}{given}"],
    lists: &[
        ("brand", &["大同", "永豐", "聯華", "鴻達", "新光", "東森"]),
        ("trade", &["科技", "食品", "建設", "貿易", "紡織", "電子"]),
        ("family", &["陳", "林", "黃", "張", "李", "王", "吳"]),
        ("given", &["志明", "淑芬", "家豪", "怡君", "俊傑", "雅婷"]),
        ("place", &["台灣", "台北", "高雄", "中華"]),
        ("form", &["股份有限公司", "有限公司", "企業社"]),
        ("city", &["台北市", "新北市", "台中市", "高雄市"]),
        ("street", &["中山路", "忠孝東路", "民生路", "復興南路"]),
    ],
    cities: &["台北市", "新北市", "桃園市", "台中市", "台南市", "高雄市"],
    roles: &["董事長", "董事", "監察人", "經理人"],
    statuses: &["核准設立", "核准設立", "核准設立", "解散", "廢止"],
    filler: "進出口貿易暨國際開發投資顧問管理",
};
