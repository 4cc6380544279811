//! How a registry's own database looks: no two countries name their tables and columns alike.

/// The tables of a source database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema {
    /// The table of companies.
    pub(crate) companies: &'static str,
    pub(crate) registration_no: &'static str,
    pub(crate) name: &'static str,
    pub(crate) address: &'static str,
    pub(crate) city: &'static str,
    /// Where it is kept apart, the stem of two columns.
    pub(crate) updated_at: &'static str,
    pub(crate) status: &'static str,
    pub(crate) moments: Moments,
    /// None where the registry gives away nobody.
    pub(crate) officers: Option<OfficersSchema>,
}

/// The table of officers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfficersSchema {
    /// Whether it is in a database of its own.
    pub(crate) apart: bool,
    pub(crate) table: &'static str,
    pub(crate) registration_no: &'static str,
    pub(crate) officer_no: &'static str,
    pub(crate) name: &'static str,
    pub(crate) role: &'static str,
    pub(crate) since: &'static str,
}

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moments {
    /// `2026-11-22 13:14:15`
    Plain,
    /// `2026-11-22T13:14:15`
    Letter,
    /// `2026/11/22 13:14:15`
    Slashes,
    /// `2026-11-22` and `13:14:15`, in two columns.
    Apart,
}

impl Schema {
    /// The statement that makes the table of companies.
    pub(crate) fn create_companies(&self) -> String {
        let Self { companies, registration_no, name, address, city, updated_at, status, .. } = self;
        let updated_at = match self.moments {
            Moments::Plain | Moments::Letter | Moments::Slashes => format!("{updated_at} text"),
            Moments::Apart => format!("{updated_at}_date text, {updated_at}_time text"),
        };
        format!(
            "CREATE TABLE {companies} (id integer PRIMARY KEY, {registration_no} text, {name} text, {address} text,
             {city} text, {status} text, {updated_at})"
        )
    }

    /// The statement that fills it, in the order: registration number, name, address, city, status, moment.
    pub(crate) fn insert_company(&self) -> String {
        let places = match self.moments {
            Moments::Plain | Moments::Letter | Moments::Slashes => "?, ?, ?, ?, ?, ?",
            Moments::Apart => "?, ?, ?, ?, ?, ?, ?",
        };
        format!("INSERT INTO {} VALUES (NULL, {places})", self.companies)
    }
}

impl OfficersSchema {
    /// The statement that makes the table.
    pub(crate) fn create(&self) -> String {
        let Self { table, registration_no, officer_no, name, role, since, .. } = self;
        format!(
            "CREATE TABLE {table} (id integer PRIMARY KEY, {registration_no} text, {officer_no} integer, {name} text,
             {role} text, {since} text)"
        )
    }

    /// The statement that fills it, in the order of its columns.
    pub(crate) fn insert(&self) -> String {
        format!("INSERT INTO {} VALUES (NULL, ?, ?, ?, ?, ?)", self.table)
    }
}

impl Moments {
    /// The moment as the columns have it.
    pub(crate) fn written(self, moment: &str) -> Vec<String> {
        match self {
            Self::Plain => vec![moment.to_owned()],
            Self::Letter => vec![moment.replace(' ', "T")],
            Self::Slashes => vec![moment.replace('-', "/")],
            Self::Apart => moment.split(' ').map(str::to_owned).collect(),
        }
    }
}
