SELECT
    grancman_hamar AS registration_no,
    :country AS country,
    anvanum AS name,
    hasce AS address,
    poxvac AS updated_at
FROM kazmakerputyunner
