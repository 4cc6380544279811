SELECT registration_no, name, updated_at FROM companies
