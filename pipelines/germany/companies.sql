SELECT
    registernummer AS registration_no,
    :country AS country,
    firma AS name,
    anschrift AS address,
    geaendert_am AS updated_at
FROM unternehmen
