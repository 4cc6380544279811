//! The Armenian registry: Armenian script, names in angle quotes.

use crate::{
    country::Country,
    schema::{Moments, Schema},
};

pub(super) const ARMENIA: Country = Country {
    name: "armenia",
    seed: 374,
    rows: 1_500,
    schema: Schema {
        companies: "kazmakerputyunner",
        registration_no: "grancman_hamar",
        name: "anvanum",
        address: "hasce",
        city: "qaghaq",
        updated_at: "poxvac",
        status: "vichak",
        moments: Moments::Plain,
        officers: None,
    },
    registration_no: "AM#########",
    companies: &["«{brand}» {form}", "«{family} և որդիներ» {form}", "«{trade} {brand}» {form}"],
    respellings: &[
        ("ՍՊԸ", "Սահմանափակ պատասխանատվությամբ ընկերություն"),
        ("ՓԲԸ", "Փակ բաժնետիրական ընկերություն"),
        ("ԲԲԸ", "Բաց բաժնետիրական ընկերություն"),
        ("ԱՁ", "Անհատ ձեռնարկատեր"),
    ],
    addresses: &["{street} փողոց {house}, ####", "{street} պողոտա {house}, ####"],
    persons: &["{given} {family}"],
    lists: &[
        ("brand", &["Արարատ", "Սևան", "Մասիս", "Զանգեզուր", "Նաիրի"]),
        ("trade", &["Շինարար", "Գինի", "Հաց", "Էներգիա"]),
        ("family", &["Հարությունյան", "Սարգսյան", "Գրիգորյան", "Պետրոսյան"]),
        ("given", &["Արամ", "Անահիտ"]),
        ("form", &["ՍՊԸ", "ՓԲԸ", "ԲԲԸ", "ԱՁ"]),
        ("street", &["Աբովյան", "Մաշտոցի", "Թումանյան", "Սայաթ-Նովա"]),
    ],
    cities: &["Երևան", "Գյումրի", "Վանաձոր", "Դիլիջան"],
    roles: &["Տնօրեն"],
    statuses: &["գործող", "գործող", "լուծարված"],
    filler: "Ներմուծում և արտահանում ",
};
