//! What a plan's stages would run, without running any of it.

use serde::Serialize;
use sluice_contract::plan::{Connection, PlanDocument, Stage, Work};

use crate::target;

/// The statements of one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The stage's id.
    pub stage: String,
    /// The connection that they run on.
    pub connection: String,
    /// Its engine: `mysql`.
    pub engine: &'static str,
    /// In the order that they run in; `?` and `:name` stand for what is bound.
    pub statements: Vec<String>,
}

/// Every stage's statements, in the plan's order. The fence and the ledger, which all of them share, are left out.
pub fn explain(plan: &PlanDocument) -> Vec<Explained> {
    plan.stages.iter().map(|it| explain_stage(plan, it)).collect()
}

fn explain_stage(plan: &PlanDocument, stage: &Stage) -> Explained {
    let (connection, statements) = match &stage.work {
        Work::Extract { connection, sql, split, .. } => {
            let mut all = vec![sql.clone()];
            if let Some(split) = split {
                let (before, after) = match plan.connections.get(connection) {
                    Some(Connection::Mysql { .. }) => ("`", "`"),
                    Some(
                        Connection::Sqlite { .. } | Connection::Csv { .. } | Connection::Postgres { .. },
                    )
                    | None => ("\"", "\""),
                };
                let column = format!("{before}{}{after}", split.column);
                all = vec![
                    format!(
                        "SELECT min({column}), max({column}), count({column}) FROM (\n{sql}\n) AS sluice_rows"
                    ),
                    format!("SELECT * FROM (\n{sql}\n) AS sluice_rows WHERE {column} >= ? AND {column} < ?"),
                ];
            }
            (connection.clone(), all)
        }
        work @ (Work::Cleanup { .. }
        | Work::Load { .. }
        | Work::Translate { .. }
        | Work::Dedupe { .. }
        | Work::Verify { .. }
        | Work::Sort { .. }
        | Work::Publish { .. }
        | Work::Run { .. }
        | Work::Task { .. }) => (plan.target.clone(), target::statements(plan, work)),
    };
    let engine = match plan.connections.get(&connection) {
        Some(Connection::Sqlite { .. }) => "sqlite",
        Some(Connection::Csv { .. }) => "csv",
        Some(Connection::Mysql { .. }) => "mysql",
        Some(Connection::Postgres { .. }) => "postgres",
        None => "",
    };
    let tidy = |it: String| it.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let statements = statements.into_iter().map(tidy).collect();
    Explained { stage: stage.id.clone(), connection, engine, statements }
}
