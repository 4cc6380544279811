//! Staging as parts in the object store: rows are put in order here, and not in the target's database.
//!
//! Owns the order of rows ([`order`]), sorting in bounded memory ([`Sorter`]) and the sorted parts. The order and the
//! equality of values are those of the SQL way, so that both keep the same rows. Knows no stage and no database.

mod measure;
mod merge;
pub(crate) mod order;
mod parts;
mod queue;
mod sorter;

pub(crate) use measure::{Combinations, shown};
pub(crate) use merge::Merge;
pub(crate) use parts::{RepeatedKey, SortedList, SortedRows, SortedWriter};
pub(crate) use queue::{Block, RowQueue, row_queue};
pub(crate) use sorter::{Sorted, Sorter};
