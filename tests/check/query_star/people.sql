SELECT p.*
FROM persons AS p
