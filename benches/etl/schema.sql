-- A registry as the source has it, staging of the hand-written chain, and one target for each way of filling it.
CREATE DATABASE IF NOT EXISTS src;
CREATE DATABASE IF NOT EXISTS stg;
CREATE DATABASE IF NOT EXISTS tgt;
CREATE DATABASE IF NOT EXISTS sluice;

-- The hand-written chain makes its staging like this one; the rows are in companies_SIZE.
CREATE TABLE IF NOT EXISTS src.companies_1m (
    id              BIGINT NOT NULL PRIMARY KEY,
    country         CHAR(2) NOT NULL,
    registration_no VARCHAR(20) NOT NULL,
    name            VARCHAR(200) NOT NULL,
    address         VARCHAR(200),
    city            VARCHAR(80),
    status          VARCHAR(16),
    revenue         DECIMAL(18,2),
    updated_at      DATETIME NOT NULL,
    descr           VARCHAR(1000)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS tgt.companies (
    country         CHAR(2) NOT NULL,
    registration_no VARCHAR(20) NOT NULL,
    id              BIGINT NOT NULL,
    name            VARCHAR(200) NOT NULL,
    address         VARCHAR(200),
    city            VARCHAR(80),
    status          VARCHAR(16),
    revenue         DECIMAL(18,2),
    updated_at      DATETIME NOT NULL,
    descr           VARCHAR(1000),
    PRIMARY KEY (country, registration_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE USER IF NOT EXISTS etl@'127.0.0.1' IDENTIFIED BY 'etl';
GRANT ALL ON *.* TO etl@'127.0.0.1';
