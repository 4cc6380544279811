//! Rows of a part into staging by `LOAD DATA LOCAL`: one thread checks and writes them out, one hands them to the
//! server, a few blocks lie between them.

use std::{
    io::Write as _,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use mysql::{LocalInfileHandler, prelude::Queryable as _};
use sluice_contract::{plan::Table, statistics::Statistics};

use super::{
    MysqlTarget,
    infile::{check_taken, push_value},
    session::once,
};
use crate::{
    column_value::ColumnValue,
    error::WorkerError,
    target::{FillPart, RowSink},
};

/// Bytes that are handed over at once.
const BLOCK: usize = 256 * 1024;
/// Blocks that may wait for the server.
const WAITING: usize = 4;

pub(super) fn load_part(
    target: &MysqlTarget<'_>,
    stage: &str,
    part: u32,
    (name, table): (&str, &Table),
    fill: &mut FillPart<'_>,
) -> Result<Statistics, WorkerError> {
    let sql = target.names.load(name, table);
    target.revive()?;
    once(target, stage, part, name, |conn| {
        let (sender, receiver) = sync_channel(WAITING);
        conn.set_local_infile_handler(Some(handler(receiver)));
        let mut sink =
            Sink { target, name, part, sender: Some(sender), block: Vec::with_capacity(BLOCK), rows: 0 };
        let (filled, loaded) = thread::scope(|scope| {
            let loading = scope.spawn(|| {
                let loaded = conn.query_drop(&sql);
                // Lets the other thread know that nobody takes any more.
                conn.set_local_infile_handler(None);
                loaded
            });
            let filled = fill(&mut sink).and_then(|counted| sink.finish().map(|()| counted));
            // Ends the rows where filling has failed.
            drop(sink.sender.take());
            (filled, loading.join())
        });
        match loaded {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(target.failed(name, &error)),
            Err(_) => return Err(target.refused(name, "the thread that loads has ended".to_owned(), false)),
        }
        let counted = filled?;
        check_taken(target, conn, name, sink.rows)?;
        Ok(counted)
    })
}

fn handler(receiver: Receiver<Vec<u8>>) -> LocalInfileHandler {
    LocalInfileHandler::new(move |_, writer| {
        while let Ok(block) = receiver.recv() {
            writer.write_all(&block)?;
        }
        Ok(())
    })
}

struct Sink<'a> {
    target: &'a MysqlTarget<'a>,
    name: &'a str,
    part: u32,
    sender: Option<SyncSender<Vec<u8>>>,
    block: Vec<u8>,
    rows: u64,
}

impl Sink<'_> {
    fn finish(&mut self) -> Result<(), WorkerError> {
        if self.block.is_empty() { Ok(()) } else { self.hand_over() }
    }

    fn hand_over(&mut self) -> Result<(), WorkerError> {
        let block = std::mem::replace(&mut self.block, Vec::with_capacity(BLOCK));
        let sent = self.sender.as_ref().is_some_and(|it| it.send(block).is_ok());
        if sent {
            return Ok(());
        }
        // Why is what the loading thread tells.
        Err(self.target.refused(self.name, "the server takes no more rows".to_owned(), true))
    }
}

impl RowSink for Sink<'_> {
    fn row(&mut self, line: u64, values: &[Option<ColumnValue<'_>>]) -> Result<(), WorkerError> {
        let block = &mut self.block;
        // Writing to memory can't fail.
        let _ = write!(block, "{}\t{line}", self.part);
        for value in values {
            block.push(b'\t');
            push_value(block, value.as_ref());
        }
        block.push(b'\n');
        self.rows += 1;
        if self.block.len() >= BLOCK { self.hand_over() } else { Ok(()) }
    }
}
