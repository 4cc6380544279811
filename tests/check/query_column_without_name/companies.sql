SELECT registration_no, upper(name), updated_at
FROM companies
