SELECT
    siren AS registration_no,
    :country AS country,
    denomination AS name,
    adresse AS address,
    mis_a_jour AS updated_at
FROM entreprises
