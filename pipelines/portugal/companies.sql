SELECT
    nipc AS registration_no,
    :country AS country,
    firma AS name,
    morada AS address,
    atualizado_em AS updated_at
FROM empresas
