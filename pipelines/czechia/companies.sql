SELECT
    ico AS registration_no,
    :country AS country,
    obchodni_firma AS name,
    sidlo AS address,
    zmeneno AS updated_at
FROM subjekty
