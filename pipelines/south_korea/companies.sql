SELECT
    deungnok_beonho AS registration_no,
    :country AS country,
    sangho AS name,
    juso AS address,
    CONCAT(byeongyeong_date, ' ', byeongyeong_time) AS updated_at
FROM beobin
