//! A temporary site with a plan, a source and a target, and short ways to run stages and look at rows.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use mysql::prelude::Queryable as _;
use rusqlite::{Connection, types::Value};
use sluice_contract::{
    dynamodb::DeleteItem,
    job::JobParameters,
    object_key,
    plan::{Base, Connection as Place, Location, PlanDocument, Split, Staging, Work},
    runs::{RunsTable, key, partition, stage_key},
    statistics::Statistics,
};
use tokio::runtime::Runtime;

use super::{
    mariadb_server::{self, MariaDb},
    pipeline::{plan, sort_instead},
};
use crate::{
    Clock, Imports, OfflineTranslator, Progress, Servers, Silent, Site, Variables, WorkerError,
    csv_part::PartReader,
    embedded,
    objects::Objects,
    run_stage,
    staged::{SortedList, SortedRows},
    target::StagedRows as _,
};

/// A test that holds for every engine of a target and on both ways through staging.
pub(super) type Case = (&'static str, fn());

/// The cases of a module by their names.
macro_rules! cases {
    ($($name:ident),* $(,)?) => { &[$((concat!(module_path!(), "::", stringify!($name)), $name as fn())),*] };
}
pub(super) use cases;

thread_local! {
    /// The server that labs of this thread have their target on; SQLite where there is none.
    static TARGET: RefCell<Option<Arc<MariaDb>>> = const { RefCell::new(None) };
}

/// Runs a case with its targets on that server.
pub(super) fn on_mariadb(server: &Arc<MariaDb>, case: impl FnOnce()) {
    TARGET.set(Some(Arc::clone(server)));
    case();
    TARGET.set(None);
}

/// So many cases of a property, and fewer where each takes a server's time.
pub(super) fn few(cases: u32) -> u32 {
    if TARGET.with_borrow(Option::is_some) { cases / 6 } else { cases }
}

/// Runs something with its targets in SQLite, whatever the case around it has.
pub(super) fn on_sqlite<T>(work: impl FnOnce() -> T) -> T {
    let before = TARGET.take();
    let result = work();
    TARGET.set(before);
    result
}

thread_local! {
    /// Where labs of this thread have their staging.
    static STAGING: Cell<Staging> = const { Cell::new(Staging::Database) };
}

/// Runs a case with its staging as parts in the object store.
pub(super) fn in_parts<T>(case: impl FnOnce() -> T) -> T {
    STAGING.set(Staging::Parts);
    let result = case();
    STAGING.set(Staging::Database);
    result
}

/// Where labs of this thread have their staging.
pub(super) fn staging() -> Staging {
    STAGING.get()
}

/// A clock that stands still until somebody sleeps.
#[derive(Debug)]
pub(super) struct StoppedClock {
    pub(super) milliseconds: AtomicI64,
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.milliseconds.load(Ordering::Relaxed)).unwrap()
    }

    fn sleep(&self, duration: Duration) {
        let _ = self.milliseconds.fetch_add(i64::try_from(duration.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

/// Stops the stage from outside after so many calls.
pub(super) struct StopAfter {
    pub(super) calls: AtomicU64,
    pub(super) cancelled: Arc<AtomicBool>,
}

impl Progress for StopAfter {
    fn advance(&self, _stage: &str, _rows: u64, _bytes: u64) {
        let left = self.calls.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| it.checked_sub(1));
        if left.is_err() {
            self.cancelled.store(true, Ordering::Relaxed);
        }
    }

    fn total(&self, _stage: &str, _rows: u64) {}
}

/// Gives the rows of a query.
type Reader = dyn FnMut(&str) -> Vec<String>;

pub(super) struct Lab {
    _folder: tempfile::TempDir,
    pub(super) site: Site,
    pub(super) clock: Arc<StoppedClock>,
    pub(super) plan: PlanDocument,
    pub(super) run: String,
    pub(super) fence: i64,
    /// The target's server and database, where it is one.
    server: Option<(Arc<MariaDb>, String)>,
    staging: Staging,
    _runtime: Runtime,
}

/// 2026-11-22 13:14:15 UTC.
const NOW: i64 = 1_795_353_255_000;

impl Lab {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let state_dir = folder.path().join("state");
        let stores = embedded::open(&state_dir).unwrap();
        let server = TARGET.with_borrow(Clone::clone).map(|server| {
            let database = server.database();
            (server, database)
        });
        let mut plan = plan();
        let mut servers = Servers::of_machine(&state_dir, &Variables::none());
        if let Some((server, database)) = &server {
            let place = Place::Mysql { secret: "reports".to_owned() };
            let _ = plan.connections.insert("reports".to_owned(), place);
            servers = server.servers("reports", database, "sluice");
        }
        let clock = Arc::new(StoppedClock { milliseconds: AtomicI64::new(NOW) });
        let site = Site {
            objects: stores.objects,
            runtime: runtime.handle().clone(),
            items: stores.items,
            runs_table: "test-runs".to_owned(),
            program_dir: folder.path().join("program"),
            state_dir,
            translator: Arc::new(OfflineTranslator),
            servers,
            clock: clock.clone(),
            threads: 2,
            part: None,
            imports: Imports::default(),
            cancelled: Arc::new(AtomicBool::new(false)),
        };
        std::fs::create_dir_all(&site.program_dir).unwrap();
        let (staging, run) = (staging(), "r1".to_owned());
        Self { _folder: folder, site, clock, plan, run, fence: 1, server, staging, _runtime: runtime }
    }

    /// A lab whose source has these rows: `id, reg, country, name, updated_at`.
    pub(super) fn with_source(sql: &str) -> Self {
        let lab = Self::new();
        lab.source().execute_batch(&format!("{SOURCE}; {sql}")).unwrap();
        lab
    }

    /// A lab whose source has so many companies, every tenth of them twice.
    pub(super) fn with_companies(count: u32) -> Self {
        let lab = Self::with_source("");
        let mut source = lab.source();
        let transaction = source.transaction().unwrap();
        for id in 0..count {
            let reg = if id % 10 == 9 { id - 1 } else { id };
            let values = (
                id,
                format!("R{reg:06}"),
                format!("Name {id}"),
                format!("2026-01-01 00:{:02}:{:02}", id / 60 % 60, id % 60),
            );
            let _ =
                transaction.execute("INSERT INTO companies VALUES (?1, ?2, 'GR', ?3, ?4)", values).unwrap();
        }
        transaction.commit().unwrap();
        lab
    }

    pub(super) fn source(&self) -> Connection {
        Connection::open(self.path("source.db")).unwrap()
    }

    pub(super) fn target(&self) -> Connection {
        Connection::open(self.path("target.db")).unwrap()
    }

    /// The target's server and database.
    pub(super) fn mariadb(&self) -> Option<(&MariaDb, &str)> {
        self.server.as_ref().map(|(server, database)| (&**server, database.as_str()))
    }

    /// Runs statements in the target's database.
    pub(super) fn change_target(&self, sql: &str) {
        match self.mariadb() {
            None => self.target().execute_batch(sql).unwrap(),
            Some((server, database)) => {
                let mut conn = server.conn(database);
                for statement in sql.split(';') {
                    conn.query_drop(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
                }
            }
        }
    }

    /// Reads in one transaction of its own, begun now.
    pub(super) fn reader(&self) -> Box<Reader> {
        match self.mariadb() {
            None => {
                let reader = self.target();
                reader.execute_batch("BEGIN").unwrap();
                Box::new(move |sql| rows(&reader, sql))
            }
            Some((server, database)) => {
                let mut reader = server.conn(database);
                reader.query_drop("START TRANSACTION").unwrap();
                Box::new(move |sql| mariadb_server::rows(&mut reader, sql))
            }
        }
    }

    /// Whether nobody has written to the target's database yet.
    pub(super) fn is_target_untouched(&self) -> bool {
        match self.mariadb() {
            None => !self.path("target.db").exists(),
            Some((server, database)) => {
                mariadb_server::rows(&mut server.conn(database), "SHOW TABLES").is_empty()
            }
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.site.state_dir.join(name)
    }

    pub(super) fn objects(&self) -> Objects {
        Objects::new(self.site.objects.clone(), self.site.runtime.clone())
    }

    pub(super) fn runs(&self) -> RunsTable<'_> {
        RunsTable::new(&*self.site.items, &self.site.runs_table)
    }

    pub(super) fn work(&mut self, stage: &str) -> &mut Work {
        &mut self.plan.stages.iter_mut().find(|it| it.id == stage).unwrap().work
    }

    pub(super) fn split(&mut self, column: &str, parts: u32) {
        if let Work::Extract { split, .. } = self.work("companies.extract") {
            *split = Some(Split { column: column.to_owned(), parts });
        }
    }

    pub(super) fn query(&mut self, query: &str) {
        if let Work::Extract { sql, .. } = self.work("companies.extract") {
            *sql = query.to_owned();
        }
    }

    pub(super) fn csv_source(&mut self, tables: &[&str]) -> PathBuf {
        let place = Place::Csv { path: Location { base: Base::Program, path: "data/greece".to_owned() } };
        let _ = self.plan.connections.insert("registry".to_owned(), place);
        if let Work::Extract { reads, .. } = self.work("companies.extract") {
            *reads = tables.iter().map(|it| (*it).to_owned()).collect();
        }
        let folder = self.site.program_dir.join("data").join("greece");
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    pub(super) fn stage(&self, stage: &str) -> Result<Statistics, WorkerError> {
        self.stage_with(stage, &Silent)
    }

    pub(super) fn stage_with(&self, stage: &str, progress: &dyn Progress) -> Result<Statistics, WorkerError> {
        self.write_plan();
        let parameters = JobParameters {
            plan: "plans/test.json".to_owned(),
            stage: self.id(stage).to_owned(),
            run: self.run.clone(),
            fence: self.fence.to_string(),
            execution: self.run.clone(),
        };
        run_stage(&parameters, &self.site, progress)
    }

    pub(super) fn write_plan(&self) {
        let mut plan = self.plan.clone();
        if self.staging == Staging::Parts {
            sort_instead(&mut plan);
        }
        self.objects().put("plans/test.json", serde_json::to_vec(&plan).unwrap()).unwrap();
    }

    /// From here on staging is parts, or a table.
    pub(super) fn stage_in(&mut self, parts: bool) {
        self.staging = if parts { Staging::Parts } else { Staging::Database };
    }

    /// The stage that does the work of that one on this lab's way through staging.
    pub(super) fn id<'a>(&self, stage: &'a str) -> &'a str {
        match (self.staging, stage) {
            (
                Staging::Parts,
                "companies.load" | "companies.translate" | "companies.dedupe" | "companies.verify",
            ) => "companies.sort",
            _ => stage,
        }
    }

    /// The stages in order, as this lab's way through staging has them.
    pub(super) fn stages(&self) -> Vec<String> {
        let mut all: Vec<_> = self.plan.stages.iter().map(|it| self.id(&it.id).to_owned()).collect();
        all.dedup();
        all
    }

    /// One child of an array.
    pub(super) fn child(&self, stage: &str, part: u32) -> Result<Statistics, WorkerError> {
        let (site, parameters) = self.child_of(stage, part);
        run_stage(&parameters, &site, &Silent)
    }

    /// What one child of an array is told.
    pub(super) fn child_of(&self, stage: &str, part: u32) -> (Site, JobParameters) {
        let parameters = JobParameters {
            plan: "plans/test.json".to_owned(),
            stage: stage.to_owned(),
            run: self.run.clone(),
            fence: self.fence.to_string(),
            execution: self.run.clone(),
        };
        (Site { part: Some(part), threads: 1, ..self.site.clone() }, parameters)
    }

    /// As if a stage had been killed between its last commit and the record of its end.
    pub(super) fn forget(&self, stage: &str) {
        let sort_key = stage_key(&self.run, self.id(stage));
        let item = DeleteItem {
            table_name: self.site.runs_table.clone(),
            key: key(&partition("greece"), &sort_key),
            condition_expression: None,
            expression_attribute_names: BTreeMap::new(),
            expression_attribute_values: BTreeMap::new(),
        };
        self.site.items.delete_item(&item).unwrap();
    }

    /// All stages in order, up to and with one.
    pub(super) fn until(&self, last: &str) -> Result<Statistics, WorkerError> {
        for stage in &self.plan.stages {
            let statistics = self.stage(&stage.id)?;
            if self.id(&stage.id) == self.id(last) {
                return Ok(statistics);
            }
        }
        panic!("no stage `{last}`");
    }

    /// Rows of the target's database, their fields with `|` between them.
    pub(super) fn rows(&self, sql: &str) -> Vec<String> {
        match self.mariadb() {
            None => rows(&self.target(), sql),
            Some((server, database)) => mariadb_server::rows(&mut server.conn(database), sql),
        }
    }

    /// The values of one column of the rows that wait to be published.
    pub(super) fn staged(&self, column: &str) -> Vec<String> {
        match self.staging {
            Staging::Database => self.rows(&format!("SELECT {column} FROM staging_greece_companies")),
            Staging::Parts => {
                let objects = self.objects();
                let key = object_key::sorted_list("greece", &self.run, "companies");
                let list = SortedList::read(&objects, &key).unwrap().unwrap();
                let table = &self.plan.tables["companies"];
                let place = table.columns.iter().position(|it| it.name == column).unwrap();
                let mut staged = Vec::new();
                let taken = SortedRows::new(&objects, table, &list).take(u64::MAX, &mut |values| {
                    let value = values[place].as_ref();
                    staged
                        .push(value.map_or("NULL".to_owned(), |it| String::from_utf8_lossy(it).into_owned()));
                    Ok(())
                });
                assert_eq!(taken.unwrap(), staged.len() as u64);
                staged
            }
        }
    }

    pub(super) fn published(&self) -> Vec<String> {
        self.rows("SELECT * FROM companies ORDER BY 1")
    }

    /// A part or rejects object, its fields with `|` between them.
    pub(super) fn part(&self, key: &str) -> Vec<String> {
        let object = self.objects().reader(key).unwrap().unwrap_or_else(|| panic!("no object `{key}`"));
        let (mut reader, header) = PartReader::new(object).unwrap();
        let mut lines = vec![header.join("|")];
        while let Some(row) = reader.next_row().unwrap() {
            let fields = (0..header.len()).map(|it| row.value(it).unwrap());
            let texts =
                fields.map(|it| it.map_or("NULL".to_owned(), |it| String::from_utf8_lossy(it).into_owned()));
            lines.push(texts.collect::<Vec<_>>().join("|"));
        }
        lines
    }

    pub(super) fn next_run(&mut self) {
        self.fence += 1;
        self.run = format!("r{}", self.fence);
    }
}

pub(super) const SOURCE: &str =
    "CREATE TABLE companies (id INTEGER, reg TEXT, country TEXT, name TEXT, updated_at TEXT)";

pub(super) fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let rows = statement.query_map([], |row| {
        let fields = (0..width).map(|it| {
            Ok(match row.get(it)? {
                Value::Null => "NULL".to_owned(),
                Value::Integer(number) => number.to_string(),
                Value::Real(number) => number.to_string(),
                Value::Text(text) => text,
                Value::Blob(bytes) => format!("{bytes:?}"),
            })
        });
        Ok(fields.collect::<rusqlite::Result<Vec<_>>>()?.join("|"))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// Everything below a folder, for tests that nothing is left behind.
pub(super) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .map(|it| it.unwrap().path())
        .flat_map(|it| if it.is_dir() { files_below(&it) } else { vec![it] })
        .collect()
}
