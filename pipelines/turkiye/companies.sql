SELECT
    mersis_no AS registration_no,
    :country AS country,
    unvan AS name,
    adres AS address,
    guncelleme AS updated_at
FROM sirketler
