UPDATE companies SET name = upper(name);
DELETE FROM sluice_fence;
