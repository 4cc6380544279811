//! Cases of the layout, and its two laws.

use proptest::prelude::*;

use super::{FormatError, format};
use crate::{
    diagnostics::{
        Diagnostics,
        render::{Style, human},
    },
    source::Sources,
    syntax::parse,
};

fn case(name: &str, text: &str) {
    let formatted = format(text).unwrap();
    assert_eq!(format(&formatted).unwrap(), formatted, "not the same the second time");
    let shown = format!("SOURCE\n{text}\n\nRESULT\n{formatted}");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, shown);
    });
}

#[test]
fn a_pipeline_is_laid_out() {
    case(
        "pipeline",
        r#"# Greece.
pipeline   greece "Greek company registry"{
country gr   # the ISO code
  schedule daily  at 02:30 in Europe/Athens


  source athens_registry
  # Whom to ask.
  owner "emea-data@example.com"

  use registry( language :el,parts: 16 )
  into companies { # the big one
    extract "greece/companies.sql" split by id into 16
    translate name ,address from el to en

  } # done
  into officers after companies { publish replace }
}
table companies { registry_no text( 32 ) key
  country char(2) key
  名前 decimal(12 ,2)
  updated_at timestamp
}


# The end.
"#,
    );
}

#[test]
fn a_platform_is_laid_out() {
    case(
        "platform",
        r#"platform credit_reports {

environment local
environment prod
{
account 222222222222
region eu-west-1
}
connection athens_registry {
local sqlite "samples/greece.db"
test mysql secret "credit-reports/test/greece"
}
target reports
channel data_team teams secret "credit-reports/teams-webhook"
notify data_team on failure,recovery,overlap
defaults { overlap skip }

}
"#,
    );
}

#[test]
fn a_survey_is_laid_out() {
    case(
        "survey",
        r#"survey satisfaction   "After-call survey"
{
mode in_call
window 09:00 .. 20:00   caller time  # not at night
ask rating "How was it?" { scale 1 .. 5
retry 2 times "Sorry, please press a key from 1 to 5."
decline   * }
when(rating<=2 or( rating=5 and rating<>4 ))and rating > 0 {
# Only they know.
ask reason "Why?" {
choice 1 price
choice 10   service
} }
thank "Thank you for rating us {rating}."
alert data_team when(rating<=2)
}
"#,
    );
}

#[test]
fn a_brace_moves_to_the_line_above_past_its_comment() {
    let text = "table t  # why\n# what\n\n{\n    id integer\n}\n";
    assert_eq!(format(text).unwrap(), "table t {  # why\n    # what\n\n    id  integer\n}\n");
}

#[test]
fn a_comment_does_not_become_part_of_an_unclosed_string() {
    let text = "pipeline greece \"Greek\n{ # why\n    country gr\n}\n";
    let formatted = "pipeline greece \"Greek {\n    # why\n    country gr\n}\n";
    assert_eq!(format(text).unwrap(), formatted);
}

#[test]
fn a_line_with_a_mistake_is_left_as_it_is() {
    case(
        "mistake",
        "pipeline greece {\n  country   gr ;;  x\n  owner    \"emea\n     enabled   no\n overlap skip\n}\n",
    );
}

#[test]
fn a_text_whose_braces_do_not_fit_is_refused() {
    for text in ["pipeline greece {\n country gr\n", "}\n  country gr", "table x {\n}\n}"] {
        assert_eq!(format(text), Err(FormatError::Damaged));
    }
}

#[test]
fn a_byte_order_mark_between_joined_files_goes() {
    assert_eq!(format("\n \r\u{feff}").unwrap(), "");
    assert_eq!(format("overlap skip\n\u{feff}overlap  wait\n").unwrap(), "overlap  skip\noverlap  wait\n");
}

#[test]
fn windows_line_ends_and_byte_order_marks_go() {
    assert_eq!(
        format("\u{feff}table x {\r\n  id   integer\r\n}\r\n\r\n").unwrap(),
        "table x {\n    id  integer\n}\n"
    );
    assert_eq!(format("x \"open\r").unwrap(), "x \"open\n");
    assert_eq!(format("").unwrap(), "");
    assert_eq!(format("\n \n").unwrap(), "");
}

fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "pipeline greece {\n",
        "into companies {",
        "survey s {\n",
        "ask q \"How?\" {\n",
        "when (a <= 1 or b <> 2) and c = 3 {\n",
        "scale 1..5\n",
        "choice 1 a\n",
        "window 09:00..20:00 caller time\n",
        "and",
        "when",
        "<>",
        "table t {\n",
        "}\n",
        "}",
        "}",
        "{",
        "\n",
        "\n\n",
        "\r\n",
        "  ",
        "\t",
        " ",
        "country",
        " gr ",
        "text(3)",
        "key",
        ",",
        ":",
        "(",
        ")",
        "..",
        "1",
        "02:30",
        "2:3",
        "\"t\"",
        "\"open",
        "# why ",
        "#",
        "é",
        "§",
        "$x",
        "<",
        "=",
        "<=",
        "a-b",
        "-",
        "漢字",
        "\\",
        "\r",
    ]);
    prop::collection::vec(pieces, 0..50).prop_map(|it| it.concat())
}

proptest! {
    #[test]
    fn format_is_idempotent_and_keeps_tokens(text in prop_oneof![any::<String>(), soup()]) {
        // That tokens are kept is checked by `format` itself.
        let once = format(&text);
        prop_assume!(once != Err(FormatError::Damaged));
        prop_assert!(once.is_ok(), "{:?}", once);
        let once = once.unwrap_or_default();
        prop_assert_eq!(format(&once).unwrap_or_default(), once);
    }
}

/// The layout that the language's own documents use.
const CANONICAL: &str = r#"# What every country shares.
platform credit_reports {
    environment local
    environment test {
        account  111111111111
        region   eu-west-1
    }

    connection athens_registry {
        local  sqlite "samples/greece.db"
        test   mysql  secret "credit-reports/test/greece"
        prod   mysql  secret "credit-reports/prod/greece"
    }

    target reports

    channel  data_team teams secret "credit-reports/teams-webhook"
    notify   data_team on failure, recovery, overlap

    defaults {
        retry    3 times from 30 seconds doubling
        timeout  6 hours
        compute  2 vcpu 4 GB
        overlap  skip
    }
}

table companies {
    registry_no  text(32)  key
    country      char(2)   key
    capital      decimal(12, 2)
    updated_at   timestamp
}

template registry(language: word, country, parts: number = 16) {
    country   $country
    schedule  weekly on monday, friday at 02:30 in Europe/Athens

    into companies {
        extract    "{country}/companies.sql" split by id into $parts
        translate  name, address from $language to en
        dedupe     by registry_no keep newest updated_at
        expect     rows between 10_000 and 5_000_000
        expect     no nulls in registry_no, name
        expect     rejected below 2%
        expect     rows within 20% of last run
        publish    upsert
        run        "{country}/post_checks.sql"
        task       refresh_search(index: companies, batch: 1_000)
    }

    into officers after companies {
        extract  "{country}/officers.sql" from athens_registry
        publish  replace
    }
}

pipeline greece "Greek company registry" {
    use       registry(language: el, country: gr)
    schedule  monthly on 1, 15 at 02:30 in Europe/Athens
    schedule  cron "30 2 * * ? *" in Europe/Athens
    start     after ireland
    source    athens_registry
    owner     "emea-data@example.com"
    enabled   no
}

survey satisfaction "After-call survey" {
    mode      in_call
    offer     "We will call you for a one question survey."
    queue     "Basic queue"
    window    09:00..20:00 caller time
    limit     1 call each 30 days
    delay     10 minutes
    attempts  2 each 4 hours
    ring      30 seconds
    machine   hang_up
    voice     Joanna
    language  en-US

    ask rating "How likely are you to recommend us, on a scale of 0 to 10?" {
        scale    0..10
        retry    2 times "Sorry, please press a number from 0 to 10."
        silence  "We did not hear your choice."
        decline  *
    }
    when (rating <= 2 or rating = 5) and rating <> 1 {
        ask reason "Press 1 for the price, 2 for the service." {
            choice  1 price
            choice  2 service
        }
        when reason = price {
            ask worth "Is it worth it?" {
                yes_no
            }
        }
    }

    thank  "Thank you for rating us {rating}."
    alert  data_team when rating <= 2
    store  rating as NPS_Rating
}
"#;

#[test]
fn the_canonical_layout_stays_as_it_is_and_is_right() {
    assert_eq!(format(CANONICAL).unwrap(), CANONICAL);
    let mut sources = Sources::default();
    let file = sources.add("canonical.pipe", CANONICAL);
    let mut diagnostics = Diagnostics::default();
    let _ = parse(&sources, file, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}", human(&diagnostics, &sources, Style::PLAIN));
}
