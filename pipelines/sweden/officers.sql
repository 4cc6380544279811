SELECT
    orgnr AS registration_no,
    :country AS country,
    nr AS officer_no,
    namn AS name,
    roll AS role,
    tilltrade AS since
FROM funktionarer
