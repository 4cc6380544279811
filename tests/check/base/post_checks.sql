UPDATE companies SET name = trim(name);
