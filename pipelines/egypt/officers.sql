SELECT
    raqm_segel AS registration_no,
    :country AS country,
    tartib AS officer_no,
    ism AS name,
    wazifa AS role,
    mondh AS since
FROM modaraa
