SELECT
    nr_inregistrare AS registration_no,
    :country AS country,
    denumire AS name,
    sediu AS address,
    actualizat AS updated_at
FROM firme
