//! The Irish registry: Irish and English names, with fadas and apostrophes.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::country::{Country, house, pick, scattered};

pub(crate) const IRELAND: Country = Country {
    name: "ireland",
    seed: 353,
    registration_no: |place| format!("IE{:09}", scattered(place)),
    company,
    respelt,
    address,
    cities: &[
        "Baile Átha Cliath",
        "Corcaigh",
        "Gaillimh",
        "Luimneach",
        "Port Láirge",
        "Trá Lí",
        "Sligeach",
        "Dún Dealgan",
    ],
    person,
    roles: &["Director", "Secretary", "Stiúrthóir", "Rúnaí", "Chairperson"],
    statuses: &["Normal", "Normal", "Normal", "Normal", "Liquidation", "Dissolved"],
    filler: "Import Export Iompórtáil Easpórtáil ",
};

const FAMILIES: [&str; 16] = [
    "Ó Súilleabháin",
    "Mac Cárthaigh",
    "Ó Briain",
    "Ní Dhomhnaill",
    "Ó Conchubhair",
    "Nic Gearailt",
    "O'Sullivan",
    "O'Brien",
    "Murphy",
    "Kelly",
    "Byrne",
    "Ryan",
    "Ó hUiginn",
    "Mac Giolla Phádraig",
    "Doyle",
    "FitzGerald",
];
const TRADES: [&str; 12] = [
    "Tógálaithe",
    "Bia na Mara",
    "Déiríocht",
    "Iompar",
    "Foilsitheoirí",
    "Fuinneamh Gaoithe",
    "Software",
    "Bakery",
    "Holdings",
    "Engineering",
    "Fisheries",
    "Veterinary Supplies",
];
const PLACES: [&str; 8] = [
    "na Mumhan",
    "Chonamara",
    "Uladh",
    "Laighean",
    "na Sionainne",
    "of Kilkenny",
    "of the Burren",
    "Inis Mór",
];
const FORMS: [&str; 6] =
    ["Teoranta", "Limited", "DAC", "CPT", "Cuideachta Phoiblí Theoranta", "Unlimited Company"];
const STREETS: [&str; 10] = [
    "Sráid Uí Chonaill",
    "Patrick Street",
    "Sráid na Siopaí",
    "Bóthar na Trá",
    "Grafton Street",
    "An Cé",
    "Páirc Ghnó na Sionainne",
    "Main Street",
    "Cearnóg Mhuirfean",
    "St. Stephen's Green",
];
const GIVEN: [&str; 12] = [
    "Seán", "Máire", "Pádraig", "Bríd", "Tomás", "Síle", "Aoife", "Diarmuid", "Niamh", "Eoghan", "Ciara",
    "Donncha",
];

fn company(rng: &mut ChaCha8Rng) -> String {
    let form = pick(rng, &FORMS);
    match rng.random_range(0..4) {
        0 => format!("{} {form}", pick(rng, &FAMILIES)),
        1 => format!("{} agus a Mhac {form}", pick(rng, &FAMILIES)),
        2 => format!("{} {} {form}", pick(rng, &TRADES), pick(rng, &PLACES)),
        _ => format!("{} {} {form}", pick(rng, &FAMILIES), pick(rng, &TRADES)),
    }
}

fn respelt(name: &str) -> String {
    let short = name.replace("Teoranta", "Teo.").replace("Limited", "Ltd.").replace(" agus ", " & ");
    if short == name { name.to_uppercase() } else { short }
}

fn address(rng: &mut ChaCha8Rng) -> String {
    format!("{} {}", house(rng), pick(rng, &STREETS))
}

fn person(rng: &mut ChaCha8Rng) -> String {
    format!("{} {}", pick(rng, &GIVEN), pick(rng, &FAMILIES))
}
