SELECT registration_no, country, name FROM companies WHERE changed_at >= :since
