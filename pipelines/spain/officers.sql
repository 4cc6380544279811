SELECT
    hoja AS registration_no,
    :country AS country,
    orden AS officer_no,
    nombre AS name,
    cargo AS role,
    desde AS since
FROM cargos
