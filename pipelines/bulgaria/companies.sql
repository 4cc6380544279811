SELECT
    eik AS registration_no,
    :country AS country,
    naimenovanie AS name,
    adres AS address,
    obnoven_na AS updated_at
FROM firmi
