DELETE FROM companies WHERE name = ''
