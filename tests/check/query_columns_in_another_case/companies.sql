SELECT Registration_No, name, UPDATED_AT
FROM companies
