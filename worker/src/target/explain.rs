//! What a stage would run in the target, as text.

use sluice_contract::plan::{
    Column, Connection, Expectation, PlanDocument, PublishMode, Staging, Table, Work,
};

use super::{
    mysql::{
        sql::{Names, quoted},
        sql_rows::BATCH_TABLE,
    },
    sqlite,
};

/// The statements that a stage's work consists of; `?` stands for what is bound.
pub(crate) fn statements(plan: &PlanDocument, work: &Work) -> Vec<String> {
    let Some(connection) = plan.connections.get(&plan.target) else { return Vec::new() };
    match connection {
        // The collation is the only thing that another version's statements differ in.
        Connection::Mysql { .. } => mysql(&Names::new(&plan.pipeline, ""), plan, work),
        Connection::Sqlite { .. } => in_sqlite(plan, work),
        Connection::Csv { .. } | Connection::Postgres { .. } => Vec::new(),
    }
}

fn table<'a>(plan: &'a PlanDocument, name: &str) -> Option<&'a Table> {
    plan.tables.get(name)
}

fn columns<'a>(table: &'a Table, names: &[String]) -> Vec<&'a Column> {
    names.iter().filter_map(|it| table.column(it)).collect()
}

fn mysql(names: &Names, plan: &PlanDocument, work: &Work) -> Vec<String> {
    let Some(name) = work.table() else {
        let Work::Cleanup { tables } = work else { return Vec::new() };
        let each = tables.iter().filter_map(|name| Some((name, table(plan, name)?)));
        return each
            .flat_map(|(name, table)| {
                let staging = names.make_staging(name, table, &|_| None);
                staging.into_iter().chain([names.make_target(name, table)])
            })
            .collect();
    };
    let Some(table) = table(plan, name) else { return Vec::new() };
    match work {
        Work::Load { .. } => vec![names.load(name, table)],
        Work::Translate { columns: wanted, .. } => {
            let columns = columns(table, wanted);
            let collected =
                columns.iter().enumerate().flat_map(|(field, it)| names.collect(name, field, &it.name));
            let counted =
                columns.iter().enumerate().map(|(field, it)| names.untranslated(name, field, &it.name));
            collected.chain(counted).chain([names.apply(name, &columns)]).collect()
        }
        Work::Dedupe { by, keep, .. } => names.dedupe(name, by, keep).into(),
        Work::Verify { expectations, .. } => {
            verify(expectations, &names.count(name), &|it| names.count_nulls(name, it), &|it| {
                names.repeated(name, it)
            })
        }
        Work::Publish { mode, country_column, .. } if plan.staging(name) == Staging::Parts => {
            mysql_rows(names, (name, table), mode, country_column.as_deref())
        }
        Work::Publish { mode, country_column, .. } => {
            let mut all: Vec<_> = country_column.iter().map(|it| names.count_others(name, it)).collect();
            if table.key().next().is_some() {
                all.push(names.count_keys(name, table));
            }
            all.extend(match mode {
                PublishMode::Upsert => {
                    let batch = mysql_rows(names, (name, table), mode, None);
                    [names.staged_rows(name, table)].into_iter().chain(batch).collect()
                }
                PublishMode::Append => {
                    let known = Names::known_keys(name, &names.staging(name), table);
                    vec![known, names.insert_all(name, table)]
                }
                PublishMode::Replace => {
                    vec![Names::delete(name, country_column.as_deref()), names.insert_all(name, table)]
                }
            });
            all
        }
        Work::Run { sql, .. } => vec![sql.clone()],
        Work::Cleanup { .. } | Work::Extract { .. } | Work::Sort { .. } | Work::Task { .. } => Vec::new(),
    }
}

/// What publishes a batch of rows in the key's order.
fn mysql_rows(
    names: &Names,
    (name, table): (&str, &Table),
    mode: &PublishMode,
    country_column: Option<&str>,
) -> Vec<String> {
    let mut all = Vec::new();
    if matches!(mode, PublishMode::Replace) {
        all.push(Names::delete(name, country_column));
    } else if table.key().next().is_some() {
        all.push(Names::any_between(name, table));
    }
    all.push(Names::load_rows(&quoted(name), table));
    all.extend(names.make_batch(table, &|_| None));
    all.push(Names::load_rows(BATCH_TABLE, table));
    if matches!(mode, PublishMode::Append) && table.key().next().is_some() {
        all.push(Names::known_keys(name, BATCH_TABLE, table));
    }
    all.push(Names::insert_batch(name, table, matches!(mode, PublishMode::Upsert)));
    all
}

fn in_sqlite(plan: &PlanDocument, work: &Work) -> Vec<String> {
    use sqlite::sql;
    let staging = |name: &str| sql::staging(&plan.pipeline, name);
    let Some(name) = work.table() else {
        let Work::Cleanup { tables } = work else { return Vec::new() };
        let each = tables.iter().filter_map(|name| Some((name, table(plan, name)?)));
        return each.map(|(name, table)| sqlite::recreate(&staging(name), name, table)).collect();
    };
    let Some(table) = table(plan, name) else { return Vec::new() };
    let staging = staging(name);
    match work {
        Work::Load { .. } => vec![sql::load(&staging, table)],
        Work::Translate { columns: wanted, .. } => vec![sql::apply(&staging, &columns(table, wanted))],
        Work::Dedupe { by, keep, .. } => vec![sql::dedupe(&staging, table, by, keep)],
        Work::Verify { expectations, .. } => {
            verify(expectations, &sql::count(&staging), &|it| sql::count_nulls(&staging, it), &|it| {
                sql::repeated(&staging, &it.iter().map(String::as_str).collect::<Vec<_>>())
            })
        }
        Work::Publish { mode, country_column, .. } if plan.staging(name) == Staging::Parts => {
            let delete = match mode {
                PublishMode::Replace => Some(sql::delete(name, country_column.as_deref())),
                PublishMode::Upsert | PublishMode::Append => None,
            };
            let insert = sqlite::insert_row(name, table, matches!(mode, PublishMode::Upsert));
            delete.into_iter().chain([insert]).collect()
        }
        Work::Publish { mode, country_column, .. } => match mode {
            PublishMode::Upsert => vec![sql::upsert(name, &staging, table, true)],
            PublishMode::Append => vec![sql::insert_all(name, &staging, table)],
            PublishMode::Replace => {
                vec![sql::delete(name, country_column.as_deref()), sql::insert_all(name, &staging, table)]
            }
        },
        Work::Run { sql, .. } => vec![sql.clone()],
        Work::Cleanup { .. } | Work::Extract { .. } | Work::Sort { .. } | Work::Task { .. } => Vec::new(),
    }
}

fn verify(
    expectations: &[Expectation],
    count: &str,
    nulls: &dyn Fn(&str) -> String,
    repeated: &dyn Fn(&[String]) -> String,
) -> Vec<String> {
    let mut all = vec![count.to_owned()];
    for expectation in expectations {
        match expectation {
            Expectation::NoNulls { columns, .. } => all.extend(columns.iter().map(|it| nulls(it))),
            Expectation::Unique { columns, .. } => all.push(repeated(columns)),
            // The first statement's count, held against figures of the runs table.
            Expectation::Rows { .. } | Expectation::Rejected { .. } | Expectation::Change { .. } => {}
        }
    }
    all
}
