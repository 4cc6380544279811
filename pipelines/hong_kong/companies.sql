SELECT
    br_no AS registration_no,
    :country AS country,
    chinese_name AS name,
    registered_office AS address,
    last_filing AS updated_at
FROM companies
