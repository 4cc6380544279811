SELECT
    ico AS registration_no,
    :country AS country,
    poradi AS officer_no,
    jmeno AS name,
    funkce AS role,
    od AS since
FROM statutari
