SELECT
    cnpj AS registration_no,
    :country AS country,
    razao_social AS name,
    logradouro AS address,
    REPLACE(atualizacao, '/', '-') AS updated_at
FROM pessoas_juridicas
