SELECT
    registration_no,
    :country AS country,
    officer_no,
    name,
    role,
    since
FROM officers
