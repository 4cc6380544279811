SELECT
    maticni_broj AS registration_no,
    :country AS country,
    poslovno_ime AS name,
    adresa AS address,
    izmenjeno AS updated_at
FROM privredna_drustva
