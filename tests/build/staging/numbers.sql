SELECT registration_no FROM companies
