SELECT
    raqm_segel AS registration_no,
    :country AS country,
    ism AS name,
    enwan AS address,
    tahdith AS updated_at
FROM sharikat
