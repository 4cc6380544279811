//! The Vietnamese registry: Latin with two marks on one letter.

use crate::{
    country::Country,
    schema::{Moments, OfficersSchema, Schema},
};

pub(super) const VIETNAM: Country = Country {
    name: "vietnam",
    seed: 84,
    rows: 1_500,
    schema: Schema {
        companies: "doanh_nghiep",
        registration_no: "ma_so",
        name: "ten",
        address: "dia_chi",
        city: "tinh",
        updated_at: "cap_nhat",
        status: "tinh_trang",
        moments: Moments::Plain,
        officers: Some(OfficersSchema {
            apart: false,
            table: "nguoi_dai_dien",
            registration_no: "ma_so",
            officer_no: "stt",
            name: "ho_ten",
            role: "chuc_vu",
            since: "tu_ngay",
        }),
    },
    registration_no: "03#########",
    companies: &["{form} {trade} {brand}", "{form} {brand}", "{form} {family} và Cộng Sự"],
    respellings: &[
        ("Công ty TNHH", "Cty TNHH"),
        ("Công ty Cổ phần", "CTCP"),
        ("Doanh nghiệp tư nhân", "DNTN"),
    ],
    addresses: &["{house} đường {street}, Quận #", "Số {house} phố {street}, Phường ##"],
    persons: &["{family} {middle} {given}"],
    lists: &[
        ("brand", &["Hòa Bình", "Sông Hồng", "Cửu Long", "Bạch Đằng", "Phú Quý"]),
        ("trade", &["Xây dựng", "Thực phẩm", "Vận tải", "Dệt may", "Thủy sản"]),
        ("family", &["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Đặng"]),
        ("middle", &["Văn", "Thị", "Đức", "Ngọc"]),
        ("given", &["Hùng", "Lan", "Dũng", "Hường", "Tuấn", "Thảo"]),
        ("form", &["Công ty TNHH", "Công ty Cổ phần", "Doanh nghiệp tư nhân"]),
        ("street", &["Lê Lợi", "Trần Hưng Đạo", "Nguyễn Huệ", "Điện Biên Phủ"]),
    ],
    cities: &["Hà Nội", "Thành phố Hồ Chí Minh", "Đà Nẵng", "Hải Phòng", "Cần Thơ"],
    roles: &["Giám đốc", "Chủ tịch hội đồng", "Kế toán trưởng"],
    statuses: &["đang hoạt động", "đang hoạt động", "tạm ngừng", "giải thể"],
    filler: "Xuất nhập khẩu và dịch vụ ",
};
