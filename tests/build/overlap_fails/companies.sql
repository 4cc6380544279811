SELECT registration_no, :country AS country, name
FROM companies;
