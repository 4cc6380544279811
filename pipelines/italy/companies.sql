SELECT
    codice_rea AS registration_no,
    :country AS country,
    denominazione AS name,
    indirizzo AS address,
    aggiornata_il AS updated_at
FROM imprese
