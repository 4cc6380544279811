SELECT
    lek_thabian AS registration_no,
    :country AS country,
    chue AS name,
    thi_tang AS address,
    kaekhai AS updated_at
FROM nitibukkhon
