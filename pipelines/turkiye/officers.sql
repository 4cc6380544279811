SELECT
    mersis_no AS registration_no,
    :country AS country,
    sira AS officer_no,
    ad_soyad AS name,
    gorev AS role,
    baslangic AS since
FROM yetkililer
