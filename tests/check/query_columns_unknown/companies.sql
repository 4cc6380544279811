SELECT * FROM registrations
