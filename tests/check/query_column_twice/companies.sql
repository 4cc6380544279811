SELECT registration_no, name, updated_at, old_name AS name, Registration_No
FROM companies
