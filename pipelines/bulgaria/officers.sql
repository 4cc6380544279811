SELECT
    eik AS registration_no,
    :country AS country,
    nomer AS officer_no,
    ime AS name,
    dlajnost AS role,
    ot_data AS since
FROM lica
