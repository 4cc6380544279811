//! Every declaration of the program by name, whatever file it stands in; and who asked for it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest},
    syntax::ast::{self, Item, Name},
};

/// The key column that, by its name, tells a table's countries apart.
pub(crate) const COUNTRY_COLUMN: &str = "country";

/// What a name can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Table,
    Template,
    Connection,
    Environment,
    Channel,
    Pipeline,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Template => "template",
            Self::Connection => "connection",
            Self::Environment => "environment",
            Self::Channel => "channel",
            Self::Pipeline => "pipeline",
        }
    }

    /// Whether the platform declares it: without one, nothing of the kind is known.
    fn is_of_platform(self) -> bool {
        match self {
            Self::Connection | Self::Environment | Self::Channel => true,
            Self::Table | Self::Template | Self::Pipeline => false,
        }
    }

    fn unknown(self) -> Code {
        match self {
            Self::Table => Code::UnknownTable,
            Self::Template => Code::UnknownTemplate,
            Self::Connection => Code::UnknownConnection,
            Self::Environment => Code::UnknownEnvironment,
            Self::Channel => Code::UnknownChannel,
            Self::Pipeline => Code::UnknownPipeline,
        }
    }
}

/// Every declaration, by name.
pub(super) struct Names<'a> {
    platform: Option<&'a ast::Platform>,
    tables: BTreeMap<&'a str, &'a ast::Table>,
    templates: BTreeMap<&'a str, &'a ast::Template>,
    connections: BTreeMap<&'a str, &'a ast::Connection>,
    environments: BTreeMap<&'a str, &'a ast::Environment>,
    channels: BTreeMap<&'a str, &'a ast::Channel>,
    pipelines: BTreeMap<&'a str, &'a ast::Pipeline>,
    surveys: BTreeMap<&'a str, &'a ast::Survey>,
    /// Names whose declarations could not be read: using them is not another mistake.
    unreadable: BTreeSet<&'a str>,
    used: RefCell<BTreeSet<(Kind, String)>>,
}

impl<'a> Names<'a> {
    /// Takes in every file. Of two declarations of one name the first counts, and the second is told.
    pub(super) fn collect(asts: &'a [ast::File], diagnostics: &mut Diagnostics) -> Self {
        let mut names = Self {
            platform: None,
            tables: BTreeMap::new(),
            templates: BTreeMap::new(),
            connections: BTreeMap::new(),
            environments: BTreeMap::new(),
            channels: BTreeMap::new(),
            pipelines: BTreeMap::new(),
            surveys: BTreeMap::new(),
            unreadable: asts.iter().flat_map(|it| &it.unreadable).map(|it| it.value.as_str()).collect(),
            used: RefCell::default(),
        };
        let mut declared = Declared { seen: BTreeMap::new(), diagnostics };
        for item in asts.iter().flat_map(|it| &it.items) {
            match item {
                Item::Platform(it) => names.take_platform(it, &mut declared),
                Item::Table(it) => declared.take("table", &it.name, it, &mut names.tables),
                Item::Template(it) => declared.take("template", &it.name, it, &mut names.templates),
                Item::Pipeline(it) => declared.take("pipeline", &it.name, it, &mut names.pipelines),
                Item::Survey(it) => declared.take("survey", &it.name, it, &mut names.surveys),
            }
        }
        names
    }

    fn take_platform(&mut self, platform: &'a ast::Platform, declared: &mut Declared<'a, '_>) {
        if let Some(first) = self.platform {
            declared.diagnostics.push(
                Diagnostic::new(Code::OnePlatform, "the program has a second platform")
                    .label(platform.name.span, "second platform")
                    .also(first.name.span, "first platform")
                    .help("put everything that the countries share into one `platform` block"),
            );
            return;
        }
        self.platform = Some(platform);
        self.unreadable.extend(platform.unreadable.iter().map(|it| it.value.as_str()));
        for it in &platform.environments {
            declared.take("environment", &it.name, it, &mut self.environments);
        }
        for it in &platform.connections {
            declared.take("connection", &it.name, it, &mut self.connections);
        }
        for it in &platform.channels {
            declared.take("channel", &it.value.name, &it.value, &mut self.channels);
        }
    }

    pub(super) fn platform(&self) -> Option<&'a ast::Platform> {
        self.platform
    }

    pub(super) fn tables(&self) -> Vec<&'a ast::Table> {
        self.tables.values().copied().collect()
    }

    pub(super) fn pipelines(&self) -> Vec<&'a ast::Pipeline> {
        self.pipelines.values().copied().collect()
    }

    pub(super) fn surveys(&self) -> Vec<&'a ast::Survey> {
        self.surveys.values().copied().collect()
    }

    /// Whether the table's rows say which country they belong to.
    pub(super) fn has_country_key(&self, table: &str) -> bool {
        let is_country = |it: &ast::Column| it.name.value == COUNTRY_COLUMN && it.key.is_some();
        // One that could not be read may be the key.
        let may_be = |it: &Name| it.value == COUNTRY_COLUMN;
        self.tables
            .get(table)
            .is_some_and(|it| it.columns.iter().any(is_country) || it.unreadable.iter().any(may_be))
    }

    /// The columns of the table that the program declares under that name, whatever its case, which counts as used.
    pub(super) fn columns_of_table(&self, name: &str) -> Option<Vec<String>> {
        let table = self.tables.values().find(|it| it.name.value.eq_ignore_ascii_case(name))?;
        let _ = self.used.borrow_mut().insert((Kind::Table, table.name.value.clone()));
        let columns = || table.columns.iter().map(|it| it.name.value.clone()).collect();
        table.unreadable.is_empty().then(columns)
    }

    /// What answers at the connection's places.
    pub(super) fn engines(&self, connection: &str) -> BTreeSet<ast::Engine> {
        self.connections
            .get(connection)
            .into_iter()
            .flat_map(|it| &it.places)
            .map(|it| it.engine.value)
            .collect()
    }

    /// The template of that name.
    pub(super) fn find_template(&self, name: &str) -> Option<&'a ast::Template> {
        self.templates.get(name).copied()
    }

    /// The template of that name; tells if there is none.
    pub(super) fn template(&self, name: &Name, diagnostics: &mut Diagnostics) -> Option<&'a ast::Template> {
        self.known(Kind::Template, name, diagnostics)
            .then(|| self.templates.get(name.value.as_str()).copied())
            .flatten()
    }

    /// Whether something of that kind has that name; tells if not, and remembers the use.
    pub(super) fn known(&self, kind: Kind, name: &Name, diagnostics: &mut Diagnostics) -> bool {
        let _ = self.used.borrow_mut().insert((kind, name.value.clone()));
        let all = self.all(kind);
        if all.iter().any(|it| it.value == name.value) {
            return true;
        }
        let is_elsewhere = self.platform.is_none() && kind.is_of_platform();
        if !self.unreadable.contains(name.value.as_str()) && !is_elsewhere {
            let message = format!("there is no {} `{}`", kind.word(), name.value);
            let candidates = all.iter().map(|it| it.value.as_str());
            diagnostics.push(unknown(kind.unknown(), message, kind.word(), name, candidates));
        }
        false
    }

    /// The name in each declaration of that kind, by name.
    pub(super) fn all(&self, kind: Kind) -> Vec<&'a Name> {
        match kind {
            Kind::Table => self.tables.values().map(|it| &it.name).collect(),
            Kind::Template => self.templates.values().map(|it| &it.name).collect(),
            Kind::Connection => self.connections.values().map(|it| &it.name).collect(),
            Kind::Environment => self.environments.values().map(|it| &it.name).collect(),
            Kind::Channel => self.channels.values().map(|it| &it.name).collect(),
            Kind::Pipeline => self.pipelines.values().map(|it| &it.name).collect(),
        }
    }

    /// The declarations of that kind that nothing has asked for.
    pub(super) fn unused(&self, kind: Kind) -> Vec<&'a Name> {
        let used = self.used.borrow();
        self.all(kind).into_iter().filter(|it| !used.contains(&(kind, it.value.clone()))).collect()
    }
}

/// What to say of a name that stands for nothing, with the one that was probably meant.
pub(super) fn unknown<'n>(
    code: Code,
    message: String,
    word: &str,
    name: &Name,
    candidates: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(code, message);
    match closest(&name.value, candidates) {
        Some(meant) => diagnostic
            .label(name.span, "not declared")
            .help(format!("did you mean `{meant}`?"))
            .suggest(name.span, meant),
        None => diagnostic
            .label(name.span, "not declared")
            .help(format!("declare the {word}, or name another one")),
    }
}

/// What to say of a word that is none of those that can be written there.
pub(super) fn unknown_value<'n>(
    what: &str,
    word: &Name,
    candidates: impl IntoIterator<Item = &'n str>,
    help: &str,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnusableValue, format!("there is no {what} `{}`", word.value))
        .label(word.span, "not known");
    match closest(&word.value, candidates) {
        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")).suggest(word.span, meant),
        None => diagnostic.help(help),
    }
}

/// Names taken so far. Case does not make a difference: files of some systems and names of AWS don't know it.
struct Declared<'a, 'd> {
    seen: BTreeMap<(&'static str, String), &'a Name>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Declared<'a, '_> {
    fn take<T>(&mut self, word: &'static str, name: &'a Name, it: &'a T, all: &mut BTreeMap<&'a str, &'a T>) {
        if let Some(first) = self.seen.insert((word, name.value.to_lowercase()), name) {
            self.diagnostics.push(
                Diagnostic::new(Code::DefinedTwice, format!("the {word} `{}` is declared twice", name.value))
                    .label(name.span, "declared again")
                    .also(first.span, "first declared here")
                    .help("rename one of them, or delete it"),
            );
            // The first one stays the first, however many follow.
            let _ = self.seen.insert((word, name.value.to_lowercase()), first);
        }
        // Another spelling of a name is declared too: using it is not another mistake.
        let _ = all.entry(name.value.as_str()).or_insert(it);
    }
}
