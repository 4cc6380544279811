SELECT * FROM companies
