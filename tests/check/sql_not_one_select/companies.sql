DELETE FROM companies;
