UPDATE staging_greece_companies SET name = NULL
