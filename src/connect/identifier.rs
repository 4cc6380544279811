//! Identifiers of actions: which ones Connect takes [Flow language, "Actions"].

/// The longest, in characters.
pub const LONGEST: usize = 50;
/// Characters that an identifier can't have.
pub const REFUSED: &str = "%:(\\/)=$,;[]{}";
/// Names of properties that every JavaScript object has.
const RESERVED: [&str; 10] = [
    "__proto__",
    "constructor",
    "__defineGetter__",
    "__defineSetter__",
    "toString",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "valueOf",
];

/// Why the identifier is refused; none where it is taken.
pub fn fault(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("it is empty".to_owned());
    }
    if RESERVED.contains(&text) {
        return Some("it is a name that every object of JavaScript has".to_owned());
    }
    if text.chars().count() > LONGEST {
        return Some(format!("it has {} characters of at most {LONGEST}", text.chars().count()));
    }
    text.chars().find(|it| REFUSED.contains(*it)).map(|it| format!("it has the character `{it}`"))
}
