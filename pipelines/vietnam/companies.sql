SELECT
    ma_so AS registration_no,
    :country AS country,
    ten AS name,
    dia_chi AS address,
    cap_nhat AS updated_at
FROM doanh_nghiep
