//! The Greek registry: Greek script, with and without accents, in capitals and in both cases.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::country::{Country, house, pick, scattered};

pub(crate) const GREECE: Country = Country {
    name: "greece",
    seed: 30,
    registration_no: |place| format!("{:09}000", scattered(place)),
    company,
    respelt,
    address,
    cities: &[
        "Αθήνα",
        "Θεσσαλονίκη",
        "Πάτρα",
        "Ηράκλειο",
        "Λάρισα",
        "Βόλος",
        "Ιωάννινα",
        "Χανιά",
        "Καβάλα",
        "Πειραιάς",
        "Καλαμάτα",
        "Ρόδος",
    ],
    person,
    roles: &[
        "Διευθύνων Σύμβουλος",
        "Πρόεδρος",
        "Αντιπρόεδρος",
        "Μέλος",
        "Διαχειριστής",
        "Ομόρρυθμος Εταίρος",
    ],
    statuses: &["ενεργή", "ενεργή", "ενεργή", "ενεργή", "υπό εκκαθάριση", "διαγραφείσα"],
    filler: "ΕΙΣΑΓΩΓΑΙ ΕΞΑΓΩΓΑΙ ΑΝΤΙΠΡΟΣΩΠΕΙΑΙ ",
};

const FAMILIES: [&str; 16] = [
    "ΠΑΠΑΔΟΠΟΥΛΟΙ",
    "ΓΕΩΡΓΙΑΔΗ",
    "ΟΙΚΟΝΟΜΟΥ",
    "ΒΑΣΙΛΕΙΟΥ",
    "ΝΙΚΟΛΑΙΔΗ",
    "ΚΑΡΑΓΙΑΝΝΗ",
    "ΑΘΑΝΑΣΙΟΥ",
    "ΠΑΠΑΓΕΩΡΓΙΟΥ",
    "ΧΡΙΣΤΟΔΟΥΛΟΥ",
    "ΜΑΚΡΗ",
    "ΑΓΓΕΛΟΠΟΥΛΟΙ",
    "ΣΤΑΜΑΤΙΟΥ",
    "ΤΣΑΚΙΡΗ",
    "ΞΕΝΑΚΗ",
    "ΨΑΛΤΗ",
    "ΘΕΟΔΩΡΟΥ",
];
const TRADES: [&str; 12] = [
    "ΕΜΠΟΡΙΚΗ",
    "ΤΕΧΝΙΚΗ",
    "ΝΑΥΤΙΛΙΑΚΗ",
    "ΞΕΝΟΔΟΧΕΙΑΚΗ",
    "ΒΙΟΜΗΧΑΝΙΚΗ",
    "ΚΑΤΑΣΚΕΥΑΣΤΙΚΗ",
    "ΜΕΤΑΦΟΡΙΚΗ",
    "ΓΕΩΡΓΙΚΗ",
    "ΦΑΡΜΑΚΕΥΤΙΚΗ",
    "ΕΚΔΟΤΙΚΗ",
    "ΕΝΕΡΓΕΙΑΚΗ",
    "ΤΟΥΡΙΣΤΙΚΗ",
];
const PLACES: [&str; 8] =
    ["ΑΤΤΙΚΗΣ", "ΜΑΚΕΔΟΝΙΑΣ", "ΚΡΗΤΗΣ", "ΘΕΣΣΑΛΙΑΣ", "ΠΕΛΟΠΟΝΝΗΣΟΥ", "ΑΙΓΑΙΟΥ", "ΗΠΕΙΡΟΥ", "ΘΡΑΚΗΣ"];
const BRANDS: [&str; 10] = [
    "Ήλιος",
    "Ακρόπολις",
    "Ποσειδών",
    "Αφροδίτη",
    "Όλυμπος",
    "Ερμής",
    "Δελφοί",
    "Ωκεανός",
    "Άρτεμις",
    "Υάκινθος",
];
const FORMS: [&str; 6] = ["Ο.Ε.", "Ε.Ε.", "Α.Ε.", "Ε.Π.Ε.", "Ι.Κ.Ε.", "Α.Β.Ε.Ε."];
const STREETS: [&str; 12] = [
    "Ερμού",
    "Λεωφ. Κηφισίας",
    "Σταδίου",
    "Πανεπιστημίου",
    "Εγνατία",
    "Τσιμισκή",
    "Αγίου Ανδρέου",
    "25ης Αυγούστου",
    "Λεωφ. Συγγρού",
    "Βασιλίσσης Σοφίας",
    "Ελευθερίου Βενιζέλου",
    "28ης Οκτωβρίου",
];
const GIVEN: [&str; 12] = [
    "Γεώργιος",
    "Μαρία",
    "Δημήτριος",
    "Ελένη",
    "Ιωάννης",
    "Αικατερίνη",
    "Κωνσταντίνος",
    "Βασιλική",
    "Νικόλαος",
    "Σοφία",
    "Χρήστος",
    "Αγγελική",
];
const SURNAMES: [&str; 12] = [
    "Παπαδόπουλος",
    "Γεωργίου",
    "Οικονόμου",
    "Νικολαΐδης",
    "Καραγιάννη",
    "Αθανασίου",
    "Μακρής",
    "Αγγελοπούλου",
    "Σταματίου",
    "Ξενάκης",
    "Ψάλτης",
    "Θεοδώρου",
];
const INITIALS: [&str; 8] = ["Α.", "Γ.", "Δ.", "Ε.", "Θ.", "Κ.", "Μ.", "Ν."];

fn company(rng: &mut ChaCha8Rng) -> String {
    let form = pick(rng, &FORMS);
    match rng.random_range(0..4) {
        0 => format!("ΑΦΟΙ {} {form}", pick(rng, &FAMILIES)),
        1 => format!("{} {} ΚΑΙ ΣΙΑ {form}", pick(rng, &INITIALS), pick(rng, &FAMILIES)),
        2 => format!("{} {} {form}", pick(rng, &TRADES), pick(rng, &PLACES)),
        _ => format!("{} {} {form}", pick(rng, &BRANDS), pick(rng, &TRADES)),
    }
}

fn respelt(name: &str) -> String {
    name.replace('.', "").replace("ΑΦΟΙ", "ΑΔΕΛΦΟΙ").replace("ΚΑΙ", "&")
}

fn address(rng: &mut ChaCha8Rng) -> String {
    let postcode = rng.random_range(104..=856);
    format!("{} {}, {postcode} {:02}", pick(rng, &STREETS), house(rng), rng.random_range(0..=99))
}

fn person(rng: &mut ChaCha8Rng) -> String {
    format!("{} {}", pick(rng, &GIVEN), pick(rng, &SURNAMES))
}
