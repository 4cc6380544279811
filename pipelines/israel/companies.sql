SELECT
    mispar_hevra AS registration_no,
    :country AS country,
    shem AS name,
    ktovet AS address,
    udkan AS updated_at
FROM hevrot
