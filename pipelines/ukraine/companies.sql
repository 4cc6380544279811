SELECT
    yedrpou AS registration_no,
    :country AS country,
    nazva AS name,
    adresa AS address,
    onovleno AS updated_at
FROM pidpryiemstva
