SELECT * FROM registry.Filings
