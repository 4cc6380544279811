SELECT
    registration_no,
    :country AS country,
    name,
    address,
    updated_at
FROM companies
