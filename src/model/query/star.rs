//! What `*` stands for: the columns of what the query selects from, as far as they are known before it runs.
//!
//! A table is known that the program declares under the name that the query has for it; so is what the query itself
//! defines, with `WITH` or in parentheses.

use sqlparser::ast::{
    Cte, Expr, JoinConstraint, JoinOperator, ObjectName, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, TableAlias, TableFactor, TableWithJoins,
    WildcardAdditionalOptions,
};

use crate::model::names::Names;

/// Queries in queries deeper than this are not followed.
const DEEPEST: usize = 16;

/// The part of a query that names its columns, and what it can select from.
#[derive(Clone)]
pub(super) struct Scope<'q, 'n> {
    names: &'n Names<'n>,
    pub(super) select: &'q Select,
    /// What is defined with `WITH`, in order.
    defined: Vec<&'q Cte>,
    depth: usize,
}

/// What a query does.
pub(super) enum Reading {
    /// It selects rows.
    Select,
    /// It gives rows whose columns nothing names: `VALUES (1, 2)`, `TABLE companies`.
    Unnamed,
    /// It changes rows: `WITH … DELETE`.
    Change,
}

/// What the first part of the query does, whose names are those of the whole.
pub(super) fn reading(query: &Query) -> Reading {
    let mut body = &*query.body;
    loop {
        match body {
            SetExpr::Select(_) => return Reading::Select,
            SetExpr::Query(query) => body = &query.body,
            SetExpr::SetOperation { left, .. } => body = left,
            SetExpr::Values(_) | SetExpr::Table(_) => return Reading::Unnamed,
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                return Reading::Change;
            }
        }
    }
}

impl<'q, 'n> Scope<'q, 'n> {
    /// That of the first SELECT: its names are those of the whole query.
    pub(super) fn of(query: &'q Query, names: &'n Names<'n>) -> Option<Self> {
        Self::inside(query, names, Vec::new(), 0)
    }

    fn inside(query: &'q Query, names: &'n Names<'n>, defined: Vec<&'q Cte>, depth: usize) -> Option<Self> {
        if depth > DEEPEST {
            return None;
        }
        let mut defined = defined;
        defined.extend(query.with.iter().flat_map(|it| &it.cte_tables));
        let mut body = &*query.body;
        loop {
            match body {
                SetExpr::Select(select) => return Some(Self { names, select, defined, depth }),
                SetExpr::Query(query) => return Self::inside(query, names, defined, depth + 1),
                SetExpr::SetOperation { left, .. } => body = left,
                SetExpr::Values(_)
                | SetExpr::Insert(_)
                | SetExpr::Update(_)
                | SetExpr::Delete(_)
                | SetExpr::Merge(_)
                | SetExpr::Table(_) => return None,
            }
        }
    }

    /// The columns of `*`.
    pub(super) fn all(&self, options: &WildcardAdditionalOptions) -> Option<Vec<String>> {
        if !is_plain(options) {
            return None;
        }
        let mut columns = Vec::new();
        for relation in relations(&self.select.from)? {
            columns.extend(self.columns_of(relation)?);
        }
        Some(columns)
    }

    /// The columns of `companies.*`.
    pub(super) fn all_of(
        &self,
        kind: &SelectItemQualifiedWildcardKind,
        options: &WildcardAdditionalOptions,
    ) -> Option<Vec<String>> {
        let SelectItemQualifiedWildcardKind::ObjectName(name) = kind else { return None };
        if !is_plain(options) {
            return None;
        }
        let wanted = last_part(name)?;
        let from = self.select.from.iter();
        let mut all =
            from.flat_map(|it| std::iter::once(&it.relation).chain(it.joins.iter().map(|it| &it.relation)));
        let relation = all.find(|it| called(it).is_some_and(|it| it.eq_ignore_ascii_case(wanted)))?;
        self.columns_of(relation)
    }

    fn columns_of(&self, relation: &'q TableFactor) -> Option<Vec<String>> {
        if let TableFactor::Derived { subquery, alias, .. } = relation {
            return renamed(self.given_by(subquery, &self.defined)?, alias.as_ref());
        }
        let TableFactor::Table { name, alias, args: None, .. } = relation else { return None };
        let table = last_part(name)?;
        let is_meant = |it: &&Cte| name.0.len() == 1 && it.alias.name.value.eq_ignore_ascii_case(table);
        let columns = match self.defined.iter().rposition(is_meant) {
            Some(at) => {
                // One that reads itself is not among those before it.
                let (cte, before) = (self.defined.get(at)?, self.defined.get(..at)?);
                renamed(self.given_by(&cte.query, before)?, Some(&cte.alias))?
            }
            None => self.names.columns_of_table(table)?,
        };
        renamed(columns, alias.as_ref())
    }

    /// The names of a query's columns.
    fn given_by(&self, query: &'q Query, defined: &[&'q Cte]) -> Option<Vec<String>> {
        let scope = Self::inside(query, self.names, defined.to_vec(), self.depth + 1)?;
        let mut columns = Vec::new();
        for item in &scope.select.projection {
            match item {
                SelectItem::ExprWithAlias { alias, .. } => columns.push(alias.value.clone()),
                SelectItem::UnnamedExpr(Expr::Identifier(name)) => columns.push(name.value.clone()),
                SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => {
                    columns.push(parts.last()?.value.clone());
                }
                SelectItem::Wildcard(options) => columns.extend(scope.all(options)?),
                SelectItem::QualifiedWildcard(kind, options) => columns.extend(scope.all_of(kind, options)?),
                SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAliases { .. } => return None,
            }
        }
        Some(columns)
    }
}

/// What it selects from, where every column of it is a column of `*`.
fn relations(from: &[TableWithJoins]) -> Option<Vec<&TableFactor>> {
    let mut all = Vec::new();
    for table in from {
        all.push(&table.relation);
        for join in &table.joins {
            // A column that two tables are joined by, with USING, comes once.
            let (JoinOperator::Join(on)
            | JoinOperator::Inner(on)
            | JoinOperator::Left(on)
            | JoinOperator::LeftOuter(on)
            | JoinOperator::Right(on)
            | JoinOperator::RightOuter(on)
            | JoinOperator::FullOuter(on)
            | JoinOperator::CrossJoin(on)) = &join.join_operator
            else {
                return None;
            };
            if !matches!(on, JoinConstraint::On(_) | JoinConstraint::None) {
                return None;
            }
            all.push(&join.relation);
        }
    }
    Some(all)
}

/// The name that the query has for it.
fn called(relation: &TableFactor) -> Option<&str> {
    if let TableFactor::Table { alias: Some(alias), .. } | TableFactor::Derived { alias: Some(alias), .. } =
        relation
    {
        return Some(&alias.name.value);
    }
    let TableFactor::Table { name, .. } = relation else { return None };
    last_part(name)
}

fn last_part(name: &ObjectName) -> Option<&str> {
    name.0.last()?.as_ident().map(|it| it.value.as_str())
}

/// The columns under the names that `AS t(a, b)` gives them.
fn renamed(columns: Vec<String>, alias: Option<&TableAlias>) -> Option<Vec<String>> {
    let Some(alias) = alias.filter(|it| !it.columns.is_empty()) else { return Some(columns) };
    (alias.columns.len() == columns.len())
        .then(|| alias.columns.iter().map(|it| it.name.value.clone()).collect())
}

/// Whether it is `*` and no `EXCEPT`, `REPLACE` or the like of one engine.
fn is_plain(options: &WildcardAdditionalOptions) -> bool {
    options.opt_ilike.is_none()
        && options.opt_exclude.is_none()
        && options.opt_except.is_none()
        && options.opt_replace.is_none()
        && options.opt_rename.is_none()
        && options.opt_alias.is_none()
}
