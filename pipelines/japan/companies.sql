SELECT
    houjin_bangou AS registration_no,
    :country AS country,
    shougou AS name,
    shozaichi AS address,
    REPLACE(koushin_nichiji, '/', '-') AS updated_at
FROM houjin
