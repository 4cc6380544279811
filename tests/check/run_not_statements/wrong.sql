DELETE FROM companies WHRE country = :contry
