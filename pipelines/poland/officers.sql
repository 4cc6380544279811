SELECT
    krs AS registration_no,
    :country AS country,
    lp AS officer_no,
    nazwisko_imie AS name,
    funkcja AS role,
    od_dnia AS since
FROM reprezentanci
