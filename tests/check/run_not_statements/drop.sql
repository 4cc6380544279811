UPDATE companies SET name = upper(name);
DROP TABLE old_companies;
