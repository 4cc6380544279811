//! Uploads in pieces that were begun and never ended: their pieces are paid for until somebody aborts them.

use http::Method;
use object_store::client::{HttpRequest, HttpRequestBody};

use crate::signer::Signer;

/// An upload that is under way, or was when its program died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    pub(crate) key: String,
    pub(crate) id: String,
}

/// The uploads under keys that start so; the first thousand, which is more than a program leaves behind.
pub(crate) async fn list(
    signer: &Signer,
    bucket_url: &str,
    prefix: &str,
) -> Result<Vec<Upload>, Box<dyn std::error::Error + Send + Sync>> {
    let url = format!("{bucket_url}?prefix={}&uploads=", encoded(prefix));
    let request = request(Method::GET, &url)?;
    let answer = signer.send(request).await?;
    let status = answer.status();
    let text = answer.into_body().bytes().await?;
    let text = String::from_utf8_lossy(&text);
    if !status.is_success() {
        return Err(format!("S3 answers {status}: {text}").into());
    }
    Ok(uploads(&text))
}

pub(crate) fn request(method: Method, url: &str) -> http::Result<HttpRequest> {
    http::Request::builder().method(method).uri(url).body(HttpRequestBody::empty())
}

/// Keys of ours hold nothing that XML writes otherwise.
fn uploads(text: &str) -> Vec<Upload> {
    let inside = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        rest.split_once(&format!("</{name}>")).map(|(it, _)| it.to_owned())
    };
    text.split("<Upload>")
        .skip(1)
        .filter_map(|it| Some(Upload { key: inside(it, "Key")?, id: inside(it, "UploadId")? }))
        .collect()
}

/// As S3 wants the values of a query.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_uploads_is_read() {
        let text = "<ListMultipartUploadsResult><Upload><Key>a/b.gz</Key><UploadId>x-1</UploadId></Upload>\
                    <Upload><UploadId>y</UploadId><Key>c</Key></Upload></ListMultipartUploadsResult>";
        let upload = |key: &str, id: &str| Upload { key: key.to_owned(), id: id.to_owned() };
        assert_eq!(uploads(text), [upload("a/b.gz", "x-1"), upload("c", "y")]);
        assert_eq!(uploads("<ListMultipartUploadsResult/>"), []);
    }

    #[test]
    fn a_prefix_goes_into_a_query() {
        assert_eq!(encoded("extracts/gr/2026-11-22 a"), "extracts%2Fgr%2F2026-11-22%20a");
    }
}
