//! The files of a new country, in the terms of the program that it joins.

use std::collections::BTreeMap;

use crate::{
    cli::arguments::NewCountryArguments,
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest, words},
    format::format,
    model::{closest_name, code_of_name, is_country},
    source::{Files, Sources},
    syntax::{
        self,
        ast::{self, Item, Stage},
    },
};

/// Where no clocks change anywhere, and most registries sleep.
const TIME: &str = "05:00";

/// Path below the program's folder and text of each file.
pub(super) fn texts(
    arguments: &NewCountryArguments,
    files: &dyn Files,
    fresh: bool,
) -> Result<BTreeMap<String, String>, Box<Diagnostic>> {
    let name = arguments.name.as_str();
    if !is_name(name) {
        return Err(Box::new(
            Diagnostic::new(Code::UnusableName, format!("`{name}` can't be a pipeline's name"))
                .help("write small letters, digits and `_`, a letter first: `new_zealand`"),
        ));
    }
    let code = code(arguments)?;
    let mut texts = BTreeMap::new();
    if fresh {
        let connection = connection_name(arguments);
        let _ = texts.insert("platform.pipe".to_owned(), platform(&connection, name));
        let _ = texts.insert("tables.pipe".to_owned(), TABLES.to_owned());
    }
    let program = Existing::read(files, &texts);
    let source = program.source(arguments)?;
    let mut queries = Vec::new();
    let body = match program.template(arguments, &source) {
        Some((call, template_queries)) => {
            queries.extend(template_queries);
            call
        }
        None => match program.tables.values().next() {
            None => return Err(Box::new(no_table())),
            Some(table) => {
                let path = format!("{name}/{}.sql", table.name.value);
                let into = format!(
                    "source {source}  # where its rows come from\n\ninto {} {{\nextract \"{path}\"\npublish upsert\n}}\n",
                    table.name.value
                );
                queries.push((path, table.name.value.clone()));
                into
            }
        },
    };
    for (path, table) in queries {
        if !files.exists(&path)
            && let Some(table) = program.tables.get(&table)
        {
            let _ = texts.insert(path, query(table));
        }
    }
    let _ = texts.insert(format!("{name}.pipe"), pipeline(arguments, &code, &body));
    Ok(texts)
}

/// The country's ISO code: as given, else that of its name.
fn code(arguments: &NewCountryArguments) -> Result<String, Box<Diagnostic>> {
    let name = arguments.name.as_str();
    let told = |message: String, help: String| {
        Err(Box::new(Diagnostic::new(Code::UnusableValue, message).help(help)))
    };
    match (&arguments.code, code_of_name(name)) {
        (Some(code), _) if is_country(code) => Ok(code.to_lowercase()),
        (Some(code), _) => told(
            format!("`{code}` is not a country's code"),
            match code_of_name(code).or_else(|| code_of_name(name)) {
                Some(meant) => format!("did you mean `--code {meant}`?"),
                None => "write the country's two letters of ISO 3166, such as `--code gr`".to_owned(),
            },
        ),
        (None, Some(code)) => Ok(code.to_owned()),
        (None, None) => told(
            format!("no country is called `{name}`, so its code isn't known"),
            match closest_name(name) {
                Some(meant) => format!("did you mean `{meant}`? If not, name the code: `--code gr`"),
                None => "name the country's ISO code: `--code gr`".to_owned(),
            },
        ),
    }
}

fn pipeline(arguments: &NewCountryArguments, code: &str, body: &str) -> String {
    let schedule = format!("daily at {TIME} in {}", arguments.zone);
    let text = format!("pipeline {} {{\ncountry {code}\nschedule {schedule}\n{body}}}\n", arguments.name);
    format(&text).unwrap_or(text)
}

/// What the program has that a country can use.
struct Existing {
    tables: BTreeMap<String, ast::Table>,
    templates: Vec<ast::Template>,
    /// Those that rows can come from, in the order of declaration.
    connections: Vec<String>,
}

impl Existing {
    fn read(files: &dyn Files, texts: &BTreeMap<String, String>) -> Self {
        let mut existing = Self { tables: BTreeMap::new(), templates: Vec::new(), connections: Vec::new() };
        let on_disk = files.list().unwrap_or_default().into_iter().filter_map(|it| {
            let text = files.read(&it).ok()?;
            Some((it, text))
        });
        let new = texts.iter().map(|(path, text)| (path.clone(), text.clone()));
        let mut sources = Sources::default();
        for (path, text) in on_disk.chain(new) {
            let file = sources.add(path, text);
            for item in syntax::parse(&sources, file, &mut Diagnostics::default()).items {
                existing.take(item);
            }
        }
        existing
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::Platform(it) => {
                let is_target = |name: &str| it.targets.iter().any(|target| target.value.value == name);
                let names = it.connections.iter().map(|it| it.name.value.clone());
                self.connections.extend(names.filter(|name| !is_target(name)));
            }
            Item::Table(it) => {
                let _ = self.tables.insert(it.name.value.clone(), it);
            }
            Item::Template(it) => self.templates.push(it),
            Item::Pipeline(_) | Item::Survey(_) => {}
        }
    }

    /// The connection of that name, else the first one that there is.
    fn source(&self, arguments: &NewCountryArguments) -> Result<String, Box<Diagnostic>> {
        let names = self.connections.iter().map(String::as_str);
        let wanted = connection_name(arguments);
        if self.connections.contains(&wanted) {
            return Ok(wanted);
        }
        match (&arguments.connection, self.connections.first()) {
            (None, Some(first)) => Ok(first.clone()),
            (_, None) => Err(Box::new(
                Diagnostic::new(Code::UnknownConnection, "the platform has no connection to read from")
                    .help(format!("declare one: `connection {wanted} {{ … }}`")),
            )),
            (Some(unknown), Some(_)) => Err(Box::new(
                Diagnostic::new(Code::UnknownConnection, format!("there is no connection `{unknown}`")).help(
                    match closest(unknown, names.clone()) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("declare it in the platform, or name {}", words::or_ticked(names)),
                    },
                ),
            )),
        }
    }

    /// The use of the program's one template, where its parameters are ones that can be filled in, and the queries
    /// that it asks for, with their tables.
    fn template(
        &self,
        arguments: &NewCountryArguments,
        source: &str,
    ) -> Option<(String, Vec<(String, String)>)> {
        let [template] = self.templates.as_slice() else { return None };
        let mut filled = Vec::new();
        for parameter in &template.parameters {
            filled.push(match parameter.name.value.as_str() {
                "connection" | "source" => format!("{}: {source}", parameter.name.value),
                "folder" => format!("folder: \"{}\"", arguments.name),
                _ => return None,
            });
        }
        let arguments = if filled.is_empty() { String::new() } else { format!("({})", filled.join(", ")) };
        let call =
            format!("use {}{arguments}  # everything that its neighbours also say\n", template.name.value);
        let mut sources = Sources::default();
        let file = sources.add("use.pipe", format!("pipeline it {{\n{call}}}\n"));
        let parsed = syntax::parse(&sources, file, &mut Diagnostics::default());
        let Some(Item::Pipeline(pipeline)) = parsed.items.first() else { return None };
        let body = syntax::expand(template, pipeline.body.uses.first()?, &mut Diagnostics::default());
        let queries = body.intos.iter().flat_map(|into| {
            into.stages.iter().filter_map(|it| match &it.value {
                Stage::Extract(extract) => Some((extract.query.value.clone(), into.table.value.clone())),
                Stage::Translate(_)
                | Stage::Dedupe(_)
                | Stage::Expect(_)
                | Stage::Publish(_)
                | Stage::Run(_)
                | Stage::Task(_) => None,
            })
        });
        Some((call, queries.collect()))
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_lowercase())
        && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
}

fn connection_name(arguments: &NewCountryArguments) -> String {
    arguments.connection.clone().unwrap_or_else(|| format!("{}_registry", arguments.name))
}

fn no_table() -> Diagnostic {
    Diagnostic::new(Code::UnknownTable, "the program declares no table that rows could go into")
        .help("declare one: `table companies { … }`")
}

/// Selects every column of the table under its own name.
fn query(table: &ast::Table) -> String {
    let column = |it: &ast::Column| match it.name.value.as_str() {
        crate::model::COUNTRY_COLUMN => format!("    :country AS {}", it.name.value),
        name => format!("    {name}"),
    };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    format!("SELECT\n{}\nFROM {}\n", columns.join(",\n"), table.name.value)
}

fn platform(connection: &str, name: &str) -> String {
    format!(
        "# What every country shares, and what differs between environments.
platform my_platform {{
    environment local

    connection {connection} {{
        local  sqlite \"samples/{name}.db\"
    }}

    # Without a place in `local`, a target is an SQLite file in the state folder.
    connection target_database {{
    }}

    target target_database
}}
"
    )
}

const TABLES: &str = "# The published tables. Every country fills the same ones, each its own rows of them.
table companies {
    registration_no  text(32)  key
    country          char(2)   key
    name             text(255)
    updated_at       timestamp
}
";
