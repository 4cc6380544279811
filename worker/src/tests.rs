//! Whole stages on real SQLite and CSV files in a temporary folder.

mod array;
mod awkward;
mod broken_lines;
mod expectations;
mod full_store;
mod harness;
mod kill;
mod killed_workers;
mod line;
mod mariadb;
mod mariadb_columns;
mod mariadb_parts;
mod mariadb_server;
mod mariadb_trouble;
mod parts;
mod pipeline;
mod postgres_server;
mod publish;
mod rows;
mod server_sources;
mod source_on;
mod sources;
mod stages;
mod translate;
mod trouble;
