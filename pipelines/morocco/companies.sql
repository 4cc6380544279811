SELECT
    numero_rc AS registration_no,
    :country AS country,
    raison_sociale_ar AS name,
    adresse_ar AS address,
    modifie_le AS updated_at
FROM entreprises
