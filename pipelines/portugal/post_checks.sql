UPDATE companies SET name = trim(name) WHERE country = :country;
