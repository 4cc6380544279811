//! What comes of a template and its arguments.

use super::read;
use crate::{
    diagnostics::render::{Style, human},
    syntax::{ast, expand},
};

#[test]
fn a_template_takes_its_arguments() {
    let (sources, file, mut diagnostics) = read(
        "template registry(country, language, parts, at) {\n    country $country\n    schedule daily at $at in Europe/Athens\n    into companies {\n        extract \"{country}/companies.sql\" split by id into $parts\n        translate name from $language to en\n    }\n}\n\npipeline greece {\n    use registry(country: gr, language: \"el\", parts: 16, at: 02:30)\n}\n",
    );
    assert!(diagnostics.is_empty(), "{}", human(&diagnostics, &sources, Style::PLAIN));
    let [ast::Item::Template(template), ast::Item::Pipeline(pipeline)] = file.items.as_slice() else {
        panic!("{file:?}")
    };
    let body = expand(template, &pipeline.body.uses[0], &mut diagnostics);
    let [ast::Entry { value: ast::PipelineSetting::Country(country), .. }, schedule] =
        body.settings.as_slice()
    else {
        panic!("{body:?}")
    };
    assert_eq!(country.value, "gr");
    assert_eq!(sources.slice(country.span), "$country");
    assert_eq!(sources.slice(schedule.span), "schedule daily at $at in Europe/Athens");
    let [ast::Entry { value: ast::Stage::Extract(extract), .. }] = body.intos[0].stages.as_slice() else {
        panic!("{body:?}")
    };
    assert_eq!(extract.query.value, "gr/companies.sql");
    assert_eq!(extract.split.as_ref().unwrap().parts.value, 16);
    // A language is a word; as a string it is told with the call.
    assert_eq!(body.intos[0].unreadable[0].value, "translate");
    insta::assert_snapshot!(human(&diagnostics, &sources, Style::PLAIN));
}

#[test]
fn a_line_that_lacks_its_argument_is_left_out_silently() {
    let (_, file, mut diagnostics) = read(
        "template registry(country, parts) {\n    country $country\n    into companies {\n        extract \"{country}.sql\" split by id into $parts\n    }\n}\n\npipeline greece {\n    use registry(parts: 2)\n}\n",
    );
    let [ast::Item::Template(template), ast::Item::Pipeline(pipeline)] = file.items.as_slice() else {
        panic!("{file:?}")
    };
    let body = expand(template, &pipeline.body.uses[0], &mut diagnostics);
    assert!(diagnostics.is_empty() && body.settings.is_empty() && body.intos[0].stages.is_empty());
    assert_eq!(body.unreadable[0].value, "country");
    assert_eq!(body.intos[0].unreadable[0].value, "extract");
}
