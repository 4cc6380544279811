//! A folder that stands for S3: an object is the file `BUCKET/KEY` below it.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Component, Path, PathBuf},
};

use crate::engine::{ListedObject, ObjectAnswer, ObjectRequest, TaskError};

/// The folder.
#[derive(Debug, Clone)]
pub struct ObjectFolder {
    root: PathBuf,
}

impl ObjectFolder {
    /// It need not be there yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// What S3 would answer.
    pub(super) fn answer(&self, request: ObjectRequest) -> Result<ObjectAnswer, TaskError> {
        match request {
            ObjectRequest::Get { bucket, key } => {
                let path = self.place(&bucket, &key)?;
                fs::read_to_string(&path).map(ObjectAnswer::Body).map_err(|it| failed(&path, &it))
            }
            ObjectRequest::List { bucket, prefix } => {
                let root = self.place(&bucket, "")?;
                let mut found = Vec::new();
                collect(&root, "", &mut found).map_err(|it| failed(&root, &it))?;
                found.retain(|it| it.key.starts_with(&prefix));
                found.sort_by(|left, right| left.key.cmp(&right.key));
                Ok(ObjectAnswer::Listed(found))
            }
            ObjectRequest::Put { bucket, key, body } => {
                let path = self.place(&bucket, &key)?;
                let write = || {
                    if let Some(folder) = path.parent() {
                        fs::create_dir_all(folder)?;
                    }
                    fs::write(&path, body)
                };
                write().map(|()| ObjectAnswer::Written).map_err(|it| failed(&path, &it))
            }
        }
    }

    /// A key that would leave the folder names nothing in it.
    fn place(&self, bucket: &str, key: &str) -> Result<PathBuf, TaskError> {
        let below = Path::new(bucket).join(key.trim_start_matches('/'));
        let stays = below.components().all(|it| matches!(it, Component::Normal(_)));
        if stays && !bucket.is_empty() {
            Ok(self.root.join(below))
        } else {
            Err(TaskError::new("S3.NoSuchKeyException", format!("`{bucket}/{key}` can't be a file")))
        }
    }
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<ListedObject>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let key = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let metadata = entry.metadata()?;
        if metadata.is_dir() {
            collect(&entry.path(), &key, found)?;
        } else {
            found.push(ListedObject { key, size: metadata.len() });
        }
    }
    Ok(())
}

fn failed(path: &Path, error: &io::Error) -> TaskError {
    let name = if error.kind() == ErrorKind::NotFound { "S3.NoSuchKeyException" } else { "S3.S3Exception" };
    TaskError::new(name, format!("`{}`: {error}", path.display()))
}
