//! Voices, and the languages they speak.
//!
//! Source: "Available voices", Amazon Polly developer guide.

use super::shape::{Engine, Voice};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest, words},
    model::names::unknown_value,
    syntax::ast::Name,
};

/// What the telephone system speaks with where nobody says otherwise.
const DEFAULT: (&str, &str) = ("Joanna", "en-US");

/// Each language, and the voices that speak it.
const VOICES: &[(&str, &[&str])] = &[
    ("arb", &["Zeina"]),
    ("ar-AE", &["Hala", "Zayd"]),
    ("ca-ES", &["Arlet"]),
    ("cmn-CN", &["Zhiyu"]),
    ("cs-CZ", &["Jitka"]),
    ("cy-GB", &["Gwyneth"]),
    ("da-DK", &["Mads", "Naja", "Sofie"]),
    ("de-AT", &["Hannah"]),
    ("de-CH", &["Sabrina"]),
    ("de-DE", &["Daniel", "Hans", "Marlene", "Vicki"]),
    ("en-AU", &["Nicole", "Olivia", "Russell"]),
    ("en-GB", &["Amy", "Arthur", "Brian", "Emma"]),
    ("en-GB-WLS", &["Geraint"]),
    ("en-IE", &["Niamh"]),
    ("en-IN", &["Aditi", "Kajal", "Raveena"]),
    ("en-NZ", &["Aria"]),
    (
        "en-US",
        &[
            "Danielle", "Gregory", "Ivy", "Joanna", "Joey", "Justin", "Kendra", "Kevin", "Kimberly",
            "Matthew", "Ruth", "Salli", "Stephen",
        ],
    ),
    ("en-ZA", &["Ayanda"]),
    ("es-ES", &["Conchita", "Enrique", "Lucia", "Sergio"]),
    ("es-MX", &["Andres", "Mia"]),
    ("es-US", &["Lupe", "Miguel", "Pedro", "Penelope"]),
    ("fi-FI", &["Suvi"]),
    ("fr-BE", &["Isabelle"]),
    ("fr-CA", &["Chantal", "Gabrielle", "Liam"]),
    ("fr-FR", &["Celine", "Lea", "Mathieu", "Remi"]),
    ("hi-IN", &["Aditi", "Kajal"]),
    ("is-IS", &["Dora", "Karl"]),
    ("it-IT", &["Adriano", "Bianca", "Carla", "Giorgio"]),
    ("ja-JP", &["Kazuha", "Mizuki", "Takumi", "Tomoko"]),
    ("ko-KR", &["Jihye", "Seoyeon"]),
    ("nb-NO", &["Ida", "Liv"]),
    ("nl-BE", &["Lisa"]),
    ("nl-NL", &["Laura", "Lotte", "Ruben"]),
    ("pl-PL", &["Ewa", "Jacek", "Jan", "Maja", "Ola"]),
    ("pt-BR", &["Camila", "Ricardo", "Thiago", "Vitoria"]),
    ("pt-PT", &["Cristiano", "Ines"]),
    ("ro-RO", &["Carmen"]),
    ("ru-RU", &["Maxim", "Tatyana"]),
    ("sv-SE", &["Astrid", "Elin"]),
    ("tr-TR", &["Burcu", "Filiz"]),
    ("yue-CN", &["Hiujin"]),
];

/// Voices that the standard engine does not have.
const NEURAL: &[&str] = &[
    "Hala",
    "Zayd",
    "Arlet",
    "Jitka",
    "Sofie",
    "Hannah",
    "Sabrina",
    "Daniel",
    "Olivia",
    "Arthur",
    "Kajal",
    "Aria",
    "Danielle",
    "Gregory",
    "Kevin",
    "Ruth",
    "Stephen",
    "Ayanda",
    "Andres",
    "Pedro",
    "Suvi",
    "Isabelle",
    "Gabrielle",
    "Liam",
    "Remi",
    "Adriano",
    "Kazuha",
    "Tomoko",
    "Jihye",
    "Ida",
    "Lisa",
    "Laura",
    "Ola",
    "Thiago",
    "Niamh",
    "Elin",
    "Burcu",
    "Hiujin",
];

/// The voice, or the default one where it is not known.
pub(super) fn check(voice: Option<&Name>, language: Option<&Name>, diagnostics: &mut Diagnostics) -> Voice {
    let voice = voice.filter(|it| check_voice(it, diagnostics));
    let language = language.filter(|it| check_language(it, diagnostics));
    if let (Some(voice), Some(language)) = (voice, language)
        && !speaks(&voice.value, &language.value)
    {
        let spoken: Vec<_> = languages(&voice.value).collect();
        diagnostics.push(
            Diagnostic::new(
                Code::UnusableValue,
                format!("the voice `{}` does not speak `{}`", voice.value, language.value),
            )
            .label(language.span, format!("`{}` speaks {}", voice.value, words::and_ticked(&spoken)))
            .also(voice.span, "this voice")
            .help(format!(
                "`{}` is spoken by {}",
                language.value,
                words::or_ticked(voices(&language.value))
            )),
        );
    }
    let name = voice.map(|it| it.value.as_str());
    let name = name.or_else(|| language.and_then(|it| voices(&it.value).next())).unwrap_or(DEFAULT.0);
    let spoken = language.map(|it| it.value.as_str());
    let spoken = spoken.or_else(|| languages(name).next()).unwrap_or(DEFAULT.1);
    let engine = if NEURAL.contains(&name) { Engine::Neural } else { Engine::Standard };
    Voice { name: name.to_owned(), language: spoken.to_owned(), engine }
}

fn check_voice(voice: &Name, diagnostics: &mut Diagnostics) -> bool {
    let known = languages(&voice.value).next().is_some();
    if !known {
        let all = VOICES.iter().flat_map(|(_, voices)| voices.iter().copied());
        let help = "write the name of one of Amazon Polly's voices, such as `Joanna`";
        diagnostics.push(unknown_value("voice", voice, all, help));
    }
    known
}

fn check_language(language: &Name, diagnostics: &mut Diagnostics) -> bool {
    let known = VOICES.iter().any(|(it, _)| *it == language.value);
    if !known {
        let all = || VOICES.iter().map(|(it, _)| *it);
        // `en` for `en-GB` is a likelier slip than a letter.
        let dialects: Vec<_> =
            all().filter(|it| it.split('-').next() == Some(language.value.as_str())).collect();
        let diagnostic = if dialects.is_empty() {
            let help = "write the tag of a language that a voice speaks, such as `en-GB`";
            unknown_value("language", language, closest(&language.value, all()), help)
        } else {
            let message = format!("`{}` does not say which of its dialects is spoken", language.value);
            Diagnostic::new(Code::UnusableValue, message)
                .label(language.span, "not one dialect")
                .help(format!("write {}", words::or_ticked(dialects)))
        };
        diagnostics.push(diagnostic);
    }
    known
}

fn voices(language: &str) -> impl Iterator<Item = &'static str> {
    VOICES.iter().filter(move |(it, _)| *it == language).flat_map(|(_, voices)| voices.iter().copied())
}

fn languages(voice: &str) -> impl Iterator<Item = &'static str> {
    VOICES.iter().filter(move |(_, voices)| voices.contains(&voice)).map(|(it, _)| *it)
}

fn speaks(voice: &str, language: &str) -> bool {
    voices(language).any(|it| it == voice)
}
