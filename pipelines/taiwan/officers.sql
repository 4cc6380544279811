SELECT
    tongyi_bianhao AS registration_no,
    :country AS country,
    xuhao AS officer_no,
    xingming AS name,
    zhicheng AS role,
    jiuren AS since
FROM dongjian
