//! Whole stages on real SQLite and CSV files in a temporary folder.

mod array;
mod expectations;
mod harness;
mod kill;
mod mariadb;
mod mariadb_parts;
mod mariadb_server;
mod mariadb_trouble;
mod parts;
mod postgres_server;
mod publish;
mod rows;
mod server_sources;
mod sources;
mod stages;
mod translate;
mod trouble;
