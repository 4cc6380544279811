SELECT registration_no, name, updated_at
FROM companies
WHERE country = :country AND day > :day_before
