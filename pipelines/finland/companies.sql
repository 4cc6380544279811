SELECT
    y_tunnus AS registration_no,
    :country AS country,
    toiminimi AS name,
    osoite AS address,
    paivitetty AS updated_at
FROM yritykset
