//! Answers in XML, as a tree.

use quick_xml::{Reader, events::Event};

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// The root of the document; an empty one where it can't be read.
    pub(super) fn parse(text: &str) -> Self {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => open.push(Self {
                    name: String::from_utf8_lossy(start.local_name().as_ref()).into_owned(),
                    ..Self::default()
                }),
                Ok(Event::Empty(start)) => {
                    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                    if let Some(last) = open.last_mut() {
                        last.children.push(Self { name, ..Self::default() });
                    }
                }
                Ok(Event::Text(words)) => {
                    if let (Some(last), Ok(words)) = (open.last_mut(), words.decode()) {
                        last.text.push_str(&words);
                    }
                }
                Ok(Event::GeneralRef(name)) => {
                    let name = String::from_utf8_lossy(&name).into_owned();
                    if let Some(last) = open.last_mut() {
                        last.text.push_str(&entity(&name));
                    }
                }
                Ok(Event::End(_)) => {
                    let closed = open.pop().unwrap_or_default();
                    match open.last_mut() {
                        Some(last) => last.children.push(closed),
                        None => return closed,
                    }
                }
                Ok(Event::Eof) | Err(_) => {
                    return open
                        .into_iter()
                        .next()
                        .and_then(|it| it.children.into_iter().next())
                        .unwrap_or_default();
                }
                Ok(
                    Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_),
                ) => {}
            }
        }
    }

    /// The first element below, at any depth, of that name.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        self.children.iter().find_map(|it| if it.name == name { Some(it) } else { it.find(name) })
    }

    /// The element right below of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|it| it.name == name)
    }

    /// All elements right below that one of that name.
    pub(super) fn entries(&self, list: &str) -> &[Self] {
        self.child(list).map(|it| it.children.as_slice()).unwrap_or_default()
    }

    /// All elements right below.
    pub(super) fn children(&self) -> &[Self] {
        &self.children
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its own text.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The text of the element right below of that name.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|it| it.text.trim())
    }
}

fn entity(name: &str) -> String {
    let code = match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => name.strip_prefix('#').and_then(|it| it.parse().ok()),
    };
    if let Some(character) = code.and_then(char::from_u32) {
        return character.to_string();
    }
    match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
    .to_owned()
}
