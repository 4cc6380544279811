SELECT
    maticni_broj AS registration_no,
    :country AS country,
    redni_broj AS officer_no,
    ime AS name,
    funkcija AS role,
    od AS since
FROM zastupnici
