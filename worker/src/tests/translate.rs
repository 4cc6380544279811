//! Translation of staging: what is asked of a provider, what is kept, what is counted.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use super::harness::{Case, Lab, cases};
use crate::{TranslateError, Translator};

pub(super) const CASES: &[Case] = cases![
    each_text_is_asked_once_and_what_does_not_fit_stays,
    translations_are_kept_for_their_provider,
    what_is_translated_is_kept_when_the_stage_fails,
    only_text_columns_are_translated,
    two_columns_change_a_row_once,
    damaged_translations_are_set_aside_and_made_anew,
];

/// Fails so many times, then answers with `!` behind the text.
#[derive(Debug)]
pub(super) struct Flaky {
    failures: AtomicU64,
}

impl Flaky {
    pub(super) fn new(failures: u64) -> Self {
        Self { failures: AtomicU64::new(failures) }
    }
}

impl Translator for Flaky {
    fn name(&self) -> &'static str {
        "flaky"
    }

    fn translate(
        &self,
        texts: &[String],
        _from: &str,
        _to: &str,
    ) -> Result<Vec<Option<String>>, TranslateError> {
        match self.failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| it.checked_sub(1)) {
            Ok(_) => Err(TranslateError { message: "throttled".to_owned(), transient: true }),
            Err(_) => Ok(texts.iter().map(|it| Some(format!("{it}!"))).collect()),
        }
    }
}

/// Remembers what it was asked; knows no texts with `?`.
#[derive(Debug, Default)]
struct Recorder {
    name: &'static str,
    asked: Mutex<Vec<String>>,
}

impl Translator for Recorder {
    fn name(&self) -> &str {
        self.name
    }

    fn translate(
        &self,
        texts: &[String],
        from: &str,
        to: &str,
    ) -> Result<Vec<Option<String>>, TranslateError> {
        assert_eq!((from, to), ("el", "en"));
        self.asked.lock().unwrap().extend_from_slice(texts);
        Ok(texts.iter().map(|it| (!it.contains('?')).then(|| format!("{it} in English"))).collect())
    }
}

fn lab_with(provider: &'static str) -> (Lab, Arc<Recorder>) {
    let mut lab = Lab::with_source(
        "INSERT INTO companies VALUES
            (1, 'A', 'GR', 'alpha', NULL), (2, 'B', 'GR', 'alpha', NULL), (3, 'C', 'GR', 'what?', NULL),
            (4, 'D', 'GR', NULL, NULL), (5, 'E', 'GR', 'too long for it', NULL), (6, 'F', 'GR', '', NULL)",
    );
    let recorder = Arc::new(Recorder { name: provider, ..Recorder::default() });
    lab.site.translator = recorder.clone();
    (lab, recorder)
}

#[test]
fn each_text_is_asked_once_and_what_does_not_fit_stays() {
    let (lab, recorder) = lab_with("one");
    let counted = lab.until("companies.translate").unwrap();
    assert_eq!((counted.rows_read, counted.rows_written, counted.untranslated), (6, 2, 2));
    // In any order.
    recorder.asked.lock().unwrap().sort();
    assert_eq!(*recorder.asked.lock().unwrap(), ["alpha", "too long for it", "what?"]);
    assert_eq!(
        lab.rows("SELECT reg, name FROM staging_greece_companies ORDER BY reg"),
        ["A|alpha in English", "B|alpha in English", "C|what?", "D|NULL", "E|too long for it", "F|"]
    );
}

#[test]
fn translations_are_kept_for_their_provider() {
    let (mut lab, first) = lab_with("one");
    let _ = lab.until("companies.translate").unwrap();
    first.asked.lock().unwrap().clear();
    lab.next_run();
    let _ = lab.until("companies.translate").unwrap();
    assert_eq!(*first.asked.lock().unwrap(), ["what?"]);

    let second = Arc::new(Recorder { name: "two", ..Recorder::default() });
    lab.site.translator = second.clone();
    lab.next_run();
    let _ = lab.until("companies.translate").unwrap();
    assert_eq!(second.asked.lock().unwrap().len(), 3);
    assert_eq!(
        lab.part("translations/el-en.csv.gz"),
        [
            "source|translation|provider",
            "alpha|alpha in English|one",
            "too long for it|too long for it in English|one",
            "alpha|alpha in English|two",
            "too long for it|too long for it in English|two",
        ]
    );
    // The first one's are still there and no others are asked for.
    first.asked.lock().unwrap().clear();
    lab.site.translator = first.clone();
    lab.next_run();
    let _ = lab.until("companies.translate").unwrap();
    assert_eq!(*first.asked.lock().unwrap(), ["what?"]);
}

/// Answers so many requests, then is out of order.
#[derive(Debug)]
struct Exhausted(AtomicU64, Mutex<Vec<String>>);

impl Translator for Exhausted {
    fn name(&self) -> &'static str {
        "exhausted"
    }

    fn translate(
        &self,
        texts: &[String],
        _from: &str,
        _to: &str,
    ) -> Result<Vec<Option<String>>, TranslateError> {
        if self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| it.checked_sub(1)).is_err() {
            return Err(TranslateError { message: "no money left".to_owned(), transient: false });
        }
        self.1.lock().unwrap().extend_from_slice(texts);
        Ok(texts.iter().map(|it| Some(format!("{it}!"))).collect())
    }
}

#[test]
fn what_is_translated_is_kept_when_the_stage_fails() {
    let mut lab = Lab::with_companies(2500);
    let sql = "SELECT count(DISTINCT name) FROM companies";
    let distinct: i64 = lab.source().query_row(sql, [], |it| it.get(0)).unwrap();
    let distinct = usize::try_from(distinct).unwrap();
    assert!(distinct > 1000, "more than one request");
    let provider = Arc::new(Exhausted(AtomicU64::new(1), Mutex::default()));
    lab.site.translator = provider.clone();
    let error = lab.until("companies.translate").unwrap_err();
    assert_eq!((error.code(), error.transient()), ("P0617", false));
    provider.0.store(9, Ordering::Relaxed);
    assert_eq!(lab.stage("companies.translate").unwrap().untranslated, 0);
    let mut asked = provider.1.lock().unwrap().clone();
    assert_eq!(asked.len(), distinct, "no text is asked for twice");
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), distinct);
    // And none is kept twice.
    assert_eq!(lab.part("translations/el-en.csv.gz").len(), distinct + 1);
}

#[test]
fn only_text_columns_are_translated() {
    let mut lab = Lab::with_companies(3);
    if let sluice_contract::plan::Work::Translate { columns, .. } = lab.work("companies.translate") {
        columns.push("updated_at".to_owned());
    }
    let error = lab.until("companies.translate").unwrap_err();
    assert!(error.to_string().ends_with("table `companies` has no text column `updated_at`"), "{error}");
}

#[test]
fn two_columns_change_a_row_once() {
    let (mut lab, _) = lab_with("one");
    lab.plan.tables.get_mut("companies").unwrap().columns[0].kind =
        sluice_contract::plan::ColumnType::Text { length: 40 };
    if let sluice_contract::plan::Work::Translate { columns, .. } = lab.work("companies.translate") {
        columns.insert(0, "reg".to_owned());
    }
    let counted = lab.until("companies.translate").unwrap();
    assert_eq!((counted.rows_written, counted.untranslated), (6, 2));
    assert_eq!(
        lab.rows("SELECT reg, name FROM staging_greece_companies WHERE _line = 2"),
        ["A in English|alpha in English"]
    );
}

/// Keeps what it is told.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl crate::Progress for Notes {
    fn advance(&self, _stage: &str, _rows: u64, _bytes: u64) {}
    fn total(&self, _stage: &str, _rows: u64) {}
    fn note(&self, stage: &str, note: &str) {
        self.0.lock().unwrap().push(format!("{stage}: {note}"));
    }
}

#[test]
fn damaged_translations_are_set_aside_and_made_anew() {
    let (mut lab, recorder) = lab_with("one");
    let _ = lab.until("companies.translate").unwrap();
    let kept = lab.path("objects/translations/el-en.csv.gz");
    let whole = std::fs::read(&kept).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0xff;
    for damaged in [b"not gzip at all".to_vec(), whole[..whole.len() / 2].to_vec(), flipped] {
        std::fs::write(&kept, &damaged).unwrap();
        recorder.asked.lock().unwrap().clear();
        lab.next_run();
        for stage in ["cleanup", "companies.extract", "companies.load"] {
            let _ = lab.stage(stage).unwrap();
        }
        let notes = Notes::default();
        let counted = lab.stage_with("companies.translate", &notes).unwrap();
        assert_eq!((counted.rows_written, counted.untranslated), (2, 2));
        assert_eq!(recorder.asked.lock().unwrap().len(), 3);
        let notes = notes.0.into_inner().unwrap();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(
            notes[0].starts_with("companies.translate: the kept translations `translations/el-en.csv.gz`")
        );
        assert_eq!(std::fs::read(lab.path("objects/translations/el-en.csv.gz.damaged")).unwrap(), damaged);
        assert_eq!(std::fs::read(&kept).unwrap(), whole);
    }
}
