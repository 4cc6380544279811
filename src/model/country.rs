//! The countries of ISO 3166-1: their codes, and the English names that people call them by.

use crate::{
    diagnostics::{Code, Diagnostic, suggest::closest},
    syntax::ast::Name,
};

/// Whether it is a country's code, whatever its case.
pub(crate) fn is_country(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    COUNTRIES.binary_search_by(|it| code_of(it).cmp(code.as_str())).is_ok()
}

/// The code of the country of that English name: `south_korea`, `SouthKorea`.
pub(crate) fn code_of_name(name: &str) -> Option<&'static str> {
    let wanted = letters(name);
    COUNTRIES.iter().find(|it| names_of(it).any(|it| letters(it) == wanted)).map(|it| code_of(it))
}

/// The English name that was probably meant.
pub(crate) fn closest_name(name: &str) -> Option<&'static str> {
    closest(name, COUNTRIES.iter().flat_map(|it| names_of(it)))
}

/// What to say of a word that is no country's code.
pub(super) fn unknown(word: &Name) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::UnusableValue, format!("`{}` is not a country's code", word.value));
    let named = code_of_name(&word.value).or_else(|| code_of_name(closest_name(&word.value)?));
    match named {
        Some(code) => diagnostic
            .label(word.span, "not a code of ISO 3166")
            .help(format!("did you mean `{code}`?"))
            .suggest(word.span, code),
        None => diagnostic
            .label(word.span, "not a code of ISO 3166")
            .help("write the country's two letters, such as `gr` for Greece"),
    }
}

fn code_of(row: &'static str) -> &'static str {
    row.split_once(' ').map_or(row, |(code, _)| code)
}

fn names_of(row: &'static str) -> impl Iterator<Item = &'static str> {
    row.split(' ').skip(1)
}

fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphabetic).map(|it| it.to_ascii_lowercase()).collect()
}

/// By code: the code and its names, the usual one first. A table of our own, since the crates for it bring far more
/// than two columns, and the list changes once in years.
///
/// `xk` is no code of ISO's own: Kosovo has none, and that is what everybody writes for it.
const COUNTRIES: [&str; 250] = [
    "ad andorra",
    "ae united_arab_emirates emirates uae",
    "af afghanistan",
    "ag antigua_and_barbuda antigua",
    "ai anguilla",
    "al albania",
    "am armenia",
    "ao angola",
    "aq antarctica",
    "ar argentina",
    "as american_samoa",
    "at austria",
    "au australia",
    "aw aruba",
    "ax aland_islands aland",
    "az azerbaijan",
    "ba bosnia_and_herzegovina bosnia",
    "bb barbados",
    "bd bangladesh",
    "be belgium",
    "bf burkina_faso",
    "bg bulgaria",
    "bh bahrain",
    "bi burundi",
    "bj benin",
    "bl saint_barthelemy",
    "bm bermuda",
    "bn brunei",
    "bo bolivia",
    "bq caribbean_netherlands",
    "br brazil",
    "bs bahamas the_bahamas",
    "bt bhutan",
    "bv bouvet_island",
    "bw botswana",
    "by belarus",
    "bz belize",
    "ca canada",
    "cc cocos_islands keeling_islands",
    "cd democratic_republic_of_the_congo dr_congo",
    "cf central_african_republic",
    "cg republic_of_the_congo congo",
    "ch switzerland swiss",
    "ci ivory_coast cote_d_ivoire",
    "ck cook_islands",
    "cl chile",
    "cm cameroon",
    "cn china prc",
    "co colombia",
    "cr costa_rica",
    "cu cuba",
    "cv cape_verde cabo_verde",
    "cw curacao",
    "cx christmas_island",
    "cy cyprus",
    "cz czechia czech_republic",
    "de germany",
    "dj djibouti",
    "dk denmark",
    "dm dominica",
    "do dominican_republic",
    "dz algeria",
    "ec ecuador",
    "ee estonia",
    "eg egypt",
    "eh western_sahara",
    "er eritrea",
    "es spain",
    "et ethiopia",
    "fi finland",
    "fj fiji",
    "fk falkland_islands falklands",
    "fm micronesia",
    "fo faroe_islands faroes",
    "fr france",
    "ga gabon",
    "gb united_kingdom great_britain britain england scotland wales uk",
    "gd grenada",
    "ge georgia",
    "gf french_guiana",
    "gg guernsey",
    "gh ghana",
    "gi gibraltar",
    "gl greenland",
    "gm gambia the_gambia",
    "gn guinea",
    "gp guadeloupe",
    "gq equatorial_guinea",
    "gr greece hellas",
    "gs south_georgia",
    "gt guatemala",
    "gu guam",
    "gw guinea_bissau",
    "gy guyana",
    "hk hong_kong",
    "hm heard_and_mcdonald_islands",
    "hn honduras",
    "hr croatia",
    "ht haiti",
    "hu hungary",
    "id indonesia",
    "ie ireland republic_of_ireland",
    "il israel",
    "im isle_of_man",
    "in india",
    "io british_indian_ocean_territory",
    "iq iraq",
    "ir iran persia",
    "is iceland",
    "it italy",
    "je jersey",
    "jm jamaica",
    "jo jordan",
    "jp japan",
    "ke kenya",
    "kg kyrgyzstan",
    "kh cambodia",
    "ki kiribati",
    "km comoros",
    "kn saint_kitts_and_nevis",
    "kp north_korea",
    "kr south_korea korea republic_of_korea",
    "kw kuwait",
    "ky cayman_islands",
    "kz kazakhstan",
    "la laos",
    "lb lebanon",
    "lc saint_lucia",
    "li liechtenstein",
    "lk sri_lanka",
    "lr liberia",
    "ls lesotho",
    "lt lithuania",
    "lu luxembourg",
    "lv latvia",
    "ly libya",
    "ma morocco",
    "mc monaco",
    "md moldova",
    "me montenegro",
    "mf saint_martin",
    "mg madagascar",
    "mh marshall_islands",
    "mk north_macedonia macedonia",
    "ml mali",
    "mm myanmar burma",
    "mn mongolia",
    "mo macau macao",
    "mp northern_mariana_islands",
    "mq martinique",
    "mr mauritania",
    "ms montserrat",
    "mt malta",
    "mu mauritius",
    "mv maldives",
    "mw malawi",
    "mx mexico",
    "my malaysia",
    "mz mozambique",
    "na namibia",
    "nc new_caledonia",
    "ne niger",
    "nf norfolk_island",
    "ng nigeria",
    "ni nicaragua",
    "nl netherlands the_netherlands holland",
    "no norway",
    "np nepal",
    "nr nauru",
    "nu niue",
    "nz new_zealand",
    "om oman",
    "pa panama",
    "pe peru",
    "pf french_polynesia",
    "pg papua_new_guinea",
    "ph philippines the_philippines",
    "pk pakistan",
    "pl poland",
    "pm saint_pierre_and_miquelon",
    "pn pitcairn_islands pitcairn",
    "pr puerto_rico",
    "ps palestine",
    "pt portugal",
    "pw palau",
    "py paraguay",
    "qa qatar",
    "re reunion",
    "ro romania",
    "rs serbia",
    "ru russia russian_federation",
    "rw rwanda",
    "sa saudi_arabia",
    "sb solomon_islands",
    "sc seychelles",
    "sd sudan",
    "se sweden",
    "sg singapore",
    "sh saint_helena",
    "si slovenia",
    "sj svalbard_and_jan_mayen",
    "sk slovakia slovak_republic",
    "sl sierra_leone",
    "sm san_marino",
    "sn senegal",
    "so somalia",
    "sr suriname",
    "ss south_sudan",
    "st sao_tome_and_principe",
    "sv el_salvador",
    "sx sint_maarten",
    "sy syria",
    "sz eswatini swaziland",
    "tc turks_and_caicos",
    "td chad",
    "tf french_southern_territories",
    "tg togo",
    "th thailand",
    "tj tajikistan",
    "tk tokelau",
    "tl timor_leste east_timor",
    "tm turkmenistan",
    "tn tunisia",
    "to tonga",
    "tr turkiye turkey",
    "tt trinidad_and_tobago trinidad",
    "tv tuvalu",
    "tw taiwan",
    "tz tanzania",
    "ua ukraine",
    "ug uganda",
    "um us_minor_outlying_islands",
    "us united_states united_states_of_america america usa",
    "uy uruguay",
    "uz uzbekistan",
    "va vatican_city vatican holy_see",
    "vc saint_vincent_and_the_grenadines saint_vincent",
    "ve venezuela",
    "vg british_virgin_islands",
    "vi us_virgin_islands",
    "vn vietnam",
    "vu vanuatu",
    "wf wallis_and_futuna",
    "ws samoa",
    "xk kosovo",
    "ye yemen",
    "yt mayotte",
    "za south_africa",
    "zm zambia",
    "zw zimbabwe",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_no_name_stands_twice() {
        assert!(COUNTRIES.is_sorted());
        assert!(COUNTRIES.iter().all(|it| code_of(it).len() == 2 && names_of(it).next().is_some()));
        let mut names: Vec<String> = COUNTRIES.iter().flat_map(|it| names_of(it)).map(letters).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn countries_are_found_by_code_and_by_the_names_people_use() {
        assert!(is_country("gr") && is_country("GR") && !is_country("zz") && !is_country("uk"));
        for (name, code) in [
            ("germany", "de"),
            ("south_korea", "kr"),
            ("uk", "gb"),
            ("England", "gb"),
            ("turkey", "tr"),
            ("usa", "us"),
        ] {
            assert_eq!(code_of_name(name), Some(code), "{name}");
        }
        assert_eq!(code_of_name("atlantis"), None);
        assert_eq!(closest_name("germny"), Some("germany"));
    }
}
