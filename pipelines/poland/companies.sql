SELECT
    krs AS registration_no,
    :country AS country,
    nazwa AS name,
    adres AS address,
    data_zmiany AS updated_at
FROM podmioty
