SELECT
    nipc AS registration_no,
    :country AS country,
    ordem AS officer_no,
    nome AS name,
    cargo AS role,
    desde AS since
FROM gerentes
