SELECT registration_no, nam, updated_at, city
FROM companies
