SELECT
    numero_rc AS registration_no,
    :country AS country,
    rang AS officer_no,
    nom AS name,
    qualite AS role,
    depuis AS since
FROM dirigeants
