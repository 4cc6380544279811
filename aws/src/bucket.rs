//! A bucket of S3, or of what speaks like it.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use aws_config::SdkConfig;
use futures::stream::BoxStream;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, Checksum},
    multipart::MultipartStore as _,
    path::Path,
};

use crate::{
    connection::Connection,
    signer::{Credentials, Signer},
    uploads,
};

/// A host that is about to go leaves two minutes; what has not got through in half of them is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// Tells whether an upload under the second key was left behind by whoever wrote what the first key is to be, and
/// under which prefix such keys are.
pub trait LeftBehind: fmt::Debug + Send + Sync {
    /// What the keys of such uploads start with; none where no upload can have been left behind.
    fn prefix(&self, key: &str) -> Option<String>;
    /// Whether that upload is one.
    fn is_left(&self, key: &str, other: &str) -> bool;
}

/// The objects of a bucket. Before an upload in pieces begins, those that were left behind for it are aborted.
#[derive(Debug)]
pub struct Bucket {
    store: AmazonS3,
    signer: Signer,
    url: String,
    left_behind: Arc<dyn LeftBehind>,
}

impl Bucket {
    /// The bucket of that name, at an endpoint of one's own or in the configuration's region.
    pub fn new(
        configuration: &SdkConfig,
        name: &str,
        endpoint: Option<&str>,
        left_behind: Arc<dyn LeftBehind>,
    ) -> Result<Self> {
        let connection = Connection::new(configuration);
        let credentials = Credentials::new(configuration);
        let region = configuration.region().map_or("us-east-1", |it| it.as_ref()).to_owned();
        let endpoint = endpoint.or_else(|| configuration.endpoint_url()).map(|it| it.trim_end_matches('/'));
        let retry = RetryConfig { retry_timeout: PATIENCE, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(name)
            .with_region(&region)
            .with_credentials(Arc::clone(&credentials) as _)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_retry(retry)
            .with_http_connector(connection.clone());
        // A name with dots fits no certificate of `*.s3.….amazonaws.com`, and emulators know no names at all.
        let by_path = endpoint.is_some() || name.contains('.');
        builder = builder.with_virtual_hosted_style_request(!by_path);
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http:"));
        }
        let url = match endpoint {
            Some(endpoint) => format!("{endpoint}/{name}"),
            None if by_path => format!("https://s3.{region}.amazonaws.com/{name}"),
            None => format!("https://{name}.s3.{region}.amazonaws.com/"),
        };
        let signer = Signer { connection, credentials, service: "s3", region };
        Ok(Self { store: builder.build()?, signer, url, left_behind })
    }

    /// Pieces that nobody will put together are only a bill: that they can't be removed now fails nothing.
    async fn abort_left_behind(&self, location: &Path) {
        let key = location.as_ref();
        let Some(prefix) = self.left_behind.prefix(key) else {
            return;
        };
        for upload in uploads::list(&self.signer, &self.url, &prefix).await.unwrap_or_default() {
            if self.left_behind.is_left(key, &upload.key) {
                let _ = self.store.abort_multipart(&Path::from(upload.key), &upload.id).await;
            }
        }
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.fmt(formatter)
    }
}

#[async_trait]
impl ObjectStore for Bucket {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        // A part that fits one request may follow an attempt that used several.
        self.abort_left_behind(location).await;
        self.store.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.abort_left_behind(location).await;
        self.store.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.store.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.store.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.store.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.store.copy_opts(from, to, options).await
    }
}
