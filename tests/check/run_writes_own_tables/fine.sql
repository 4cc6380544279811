INSERT INTO loaded SELECT count(*), max(fence) FROM staging_greece_companies, sluice_fence;
DELETE FROM staging_of_mine;
