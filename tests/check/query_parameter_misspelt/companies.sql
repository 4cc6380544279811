SELECT registration_no, name, updated_at
FROM companies
WHERE country = :Country AND updated_at > :sinse AND updated_at < :run_day
