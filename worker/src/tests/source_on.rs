//! A source of a lab on each engine, and labs whose stages change no rows.

use std::sync::Arc;

use mysql::prelude::Queryable as _;
use sluice_contract::plan::{Column, ColumnType, Connection, Table};

use super::{harness::Lab, mariadb_server::MariaDb, postgres_server::Postgres};
use crate::{SecretError, SecretText, Secrets, Servers};

/// The secrets of source and target, each of its own server.
#[derive(Debug)]
struct Both(Servers, Servers);

impl Secrets for Both {
    fn read(&self, name: &str) -> Result<SecretText, SecretError> {
        self.0.secrets.read(name).or_else(|_| self.1.secrets.read(name))
    }
}

/// A source.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    Sqlite,
    MariaDb(&'a MariaDb),
    Postgres(&'a Postgres),
}

impl Source<'_> {
    /// Lets the lab's source be a new database with these statements run in it.
    pub(super) fn fill(&self, lab: &mut Lab, statements: &[&str]) -> String {
        let (database, servers, place) = match self {
            Self::Sqlite => {
                let conn = lab.source();
                for statement in statements {
                    conn.execute_batch(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
                }
                return String::new();
            }
            Self::MariaDb(server) => {
                let database = server.database();
                let mut conn = server.conn(&database);
                conn.query_drop("SET SESSION sql_mode = ''").unwrap();
                for statement in statements {
                    conn.query_drop(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
                }
                let servers = server.servers("registry", &database, "reader");
                server
                    .admin()
                    .query_drop(format!("GRANT SELECT, UPDATE, DELETE ON {database}.* TO reader@'127.0.0.1'"))
                    .unwrap();
                (database, servers, Connection::Mysql { secret: "registry".to_owned() })
            }
            Self::Postgres(server) => {
                let database = server.database();
                let mut conn = server.conn(&database);
                for statement in statements {
                    conn.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
                }
                let servers = server.servers("registry", &database);
                (database, servers, Connection::Postgres { secret: "registry".to_owned() })
            }
        };
        let _ = lab.plan.connections.insert("registry".to_owned(), place);
        trust(lab, servers);
        database
    }
}

/// Adds servers, and the authority of their certificates.
fn trust(lab: &mut Lab, servers: Servers) {
    let bundle = lab.path("authorities.pem");
    let mut all = String::new();
    for tls in [&lab.site.servers.tls, &servers.tls] {
        all += &tls.ca_bundle.as_ref().map_or(String::new(), |it| std::fs::read_to_string(it).unwrap());
    }
    std::fs::write(&bundle, all).unwrap();
    let before = lab.site.servers.clone();
    lab.site.servers.secrets = Arc::new(Both(servers, before));
    lab.site.servers.tls.ca_bundle = Some(bundle);
}

pub(super) fn column(name: &str, kind: ColumnType, key: bool) -> Column {
    Column { name: name.to_owned(), kind, key }
}

/// A lab for a table of these columns, with no stages that change rows.
pub(super) fn lab_for(columns: Vec<Column>) -> Lab {
    let mut lab = Lab::new();
    let names: Vec<_> = columns.iter().map(|it| it.name.clone()).collect();
    let _ = lab.plan.tables.insert("companies".to_owned(), Table { columns });
    lab.query(&format!("SELECT {} FROM companies", names.join(", ")));
    let unchanged = ["cleanup", "companies.extract", "companies.load", "companies.publish"];
    lab.plan.stages.retain(|it| unchanged.contains(&it.id.as_str()));
    lab
}

pub(super) fn hex(text: &str) -> String {
    let digit = |it: u8| char::from_digit(u32::from(it), 16).unwrap();
    text.bytes().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect()
}
