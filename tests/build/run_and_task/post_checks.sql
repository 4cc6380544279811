DELETE FROM companies WHERE country = :country AND name = '';
UPDATE companies SET name = trim(name) WHERE country = :country;
