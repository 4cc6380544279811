SELECT
    yedrpou AS registration_no,
    :country AS country,
    nomer AS officer_no,
    pib AS name,
    posada AS role,
    z_daty AS since
FROM kerivnyky
