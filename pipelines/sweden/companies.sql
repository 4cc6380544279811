SELECT
    orgnr AS registration_no,
    :country AS country,
    firma AS name,
    gatuadress AS address,
    andrad AS updated_at
FROM foretag
