SELECT registration_no, name, updated_at
FORM companies
WHERE name IS NOT NULL
