SELECT
    deungnok_beonho AS registration_no,
    :country AS country,
    sunbeon AS officer_no,
    seongmyeong AS name,
    jikwi AS role,
    chwiim AS since
FROM imwon
