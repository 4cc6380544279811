SELECT
    hoja AS registration_no,
    :country AS country,
    razon_social AS name,
    domicilio AS address,
    fecha_cambio AS updated_at
FROM sociedades
