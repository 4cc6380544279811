SELECT
    saidentifikacio AS registration_no,
    :country AS country,
    dasakheleba AS name,
    misamarti AS address,
    ganakhlda AS updated_at
FROM kompaniebi
