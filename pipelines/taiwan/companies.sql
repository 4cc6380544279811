SELECT
    tongyi_bianhao AS registration_no,
    :country AS country,
    mingcheng AS name,
    dizhi AS address,
    gengxin AS updated_at
FROM gongsi
