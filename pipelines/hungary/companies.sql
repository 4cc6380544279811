SELECT
    cegjegyzekszam AS registration_no,
    :country AS country,
    nev AS name,
    szekhely AS address,
    CONCAT(modositva_date, ' ', modositva_time) AS updated_at
FROM cegek
