WITH latest AS (SELECT registration_no, name, max(updated_at) AS updated_at FROM companies GROUP BY 1, 2)
SELECT latest.*
FROM latest
