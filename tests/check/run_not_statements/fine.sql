DELETE FROM companies WHERE updated_at < :since;
