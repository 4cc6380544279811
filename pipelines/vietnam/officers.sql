SELECT
    ma_so AS registration_no,
    :country AS country,
    stt AS officer_no,
    ho_ten AS name,
    chuc_vu AS role,
    tu_ngay AS since
FROM nguoi_dai_dien
