//! Sorted rows on their way to the thread that writes them, while the next are merged.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::error::WorkerError;

/// Bytes of rows that are handed over at once.
const BLOCK: usize = 256 * 1024;
/// Blocks that may wait.
const WAITING: usize = 4;

/// Rows as [`crate::record`] makes them, one behind the other.
pub(crate) struct Block {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Block {
    fn new() -> Self {
        // With room for the row that fills it.
        Self { bytes: Vec::with_capacity(BLOCK + BLOCK / 8), ends: Vec::with_capacity(BLOCK / 64) }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.bytes.get(start..*end).unwrap_or_default())
    }
}

/// The end that takes rows.
pub(crate) struct RowQueue {
    blocks: SyncSender<Block>,
    block: Block,
}

/// Both ends.
pub(crate) fn row_queue() -> (RowQueue, Receiver<Block>) {
    let (blocks, waiting) = sync_channel(WAITING);
    (RowQueue { blocks, block: Block::new() }, waiting)
}

impl RowQueue {
    /// The next row.
    ///
    /// # Errors
    ///
    /// [`WorkerError::Stopped`] where nobody takes rows any more: why is what the other thread tells.
    pub(crate) fn push(&mut self, row: &[u8]) -> Result<(), WorkerError> {
        self.block.bytes.extend_from_slice(row);
        self.block.ends.push(self.block.bytes.len());
        if self.block.bytes.len() >= BLOCK { self.hand_over() } else { Ok(()) }
    }

    /// There are no more.
    pub(crate) fn finish(self) -> Result<(), WorkerError> {
        self.blocks.send(self.block).map_err(|_| WorkerError::Stopped)
    }

    fn hand_over(&mut self) -> Result<(), WorkerError> {
        self.blocks.send(std::mem::replace(&mut self.block, Block::new())).map_err(|_| WorkerError::Stopped)
    }
}
