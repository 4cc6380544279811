SELECT
    cin AS registration_no,
    :country AS country,
    naam AS name,
    pata AS address,
    sanshodhan AS updated_at
FROM kampani
