SELECT
    mispar_hevra AS registration_no,
    :country AS country,
    mispar AS officer_no,
    shem AS name,
    tafkid AS role,
    mitaarich AS since
FROM nosei_misra
