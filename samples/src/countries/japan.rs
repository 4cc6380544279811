//! The Japanese registry: kanji, katakana and hiragana, legal forms before and behind the name.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const JAPAN: Country = Country {
    name: "japan",
    seed: 81,
    rows: 1_500,
    schema: Schema {
        companies: "houjin",
        registration_no: "houjin_bangou",
        name: "shougou",
        address: "shozaichi",
        city: "todoufuken",
        updated_at: "koushin_nichiji",
        status: "joutai",
        moments: Moments::Slashes,
        officers: None,
    },
    registration_no: "1000#########",
    companies: &["{form}{brand}{trade}", "{family}{trade}{form}", "{form}{kana}"],
    respellings: &[("株式会社", "（株）"), ("有限会社", "（有）"), ("合同会社", "（同）")],
    addresses: &["{city}{street}#丁目{house}番地", "{city}{street}{house}-#"],
    persons: &["{family}{given}"],
    lists: &[
        ("brand", &["さくら", "富士", "日の出", "みどり", "松竹"]),
        ("trade", &["商事", "工業", "建設", "製作所", "食品", "運輸"]),
        ("family", &["佐藤", "鈴木", "高橋", "田中", "渡辺"]),
        ("kana", &["サンライズ", "アルファシステム", "テクノワークス", "ヤマトフーズ"]),
        ("given", &["太郎", "花子"]),
        ("form", &["株式会社", "有限会社", "合同会社"]),
        ("city", &["東京都千代田区", "大阪市北区", "名古屋市中区", "横浜市西区"]),
        ("street", &["丸の内", "梅田", "栄", "本町"]),
    ],
    cities: &["東京都", "大阪府", "愛知県", "北海道", "福岡県"],
    roles: &["代表取締役"],
    statuses: &["存続", "存続", "閉鎖"],
    filler: "輸出入および国際総合開発コンサルティング",
};
