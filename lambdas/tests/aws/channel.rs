//! A channel that plays Teams: answers as it is told to, and keeps what it was sent.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

use crate::http::{Request, answer};

/// A status and, where there is one, `Retry-After`.
pub(crate) type Reply = (u16, Option<&'static str>);

/// A channel at an address that nobody may see.
pub(crate) struct Channel {
    pub(crate) address: String,
    received: Arc<Mutex<Vec<String>>>,
}

impl Channel {
    /// Answers in turn, and 500 after that.
    pub(crate) fn open(replies: &'static [Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/webhookb2/hunter2", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&received);
        drop(thread::spawn(move || {
            let mut replies = replies.iter();
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let Some(request) = Request::read(&stream) else { continue };
                kept.lock().unwrap().push(request.body);
                let (status, retry_after) = replies.next().copied().unwrap_or((500, None));
                let headers: Vec<_> = retry_after.map(|it| ("retry-after", it)).into_iter().collect();
                answer(stream, status, &headers, "said by the channel");
            }
        }));
        Self { address, received }
    }

    pub(crate) fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }
}
