//! Takes out of a text what nobody may read in a log or a channel: credentials in addresses, addresses that are
//! credentials themselves (webhooks), passwords and tokens. What it is not sure of goes, too.

/// What stands in the place of what was taken out.
const HIDDEN: &str = "***";

/// Words in the name of a value that is a secret.
const SECRET_NAMES: [&str; 9] =
    ["password", "passwd", "pwd", "secret", "token", "apikey", "api_key", "access_key", "accesskey"];

/// Hosts whose whole path is a credential.
const WEBHOOK_HOSTS: [&str; 6] = [
    "hooks.slack.com",
    "webhook.office.com",
    "office.com",
    "logic.azure.com",
    "powerplatform.com",
    "powerautomate.com",
];

/// Parameters of an address that make all of it a credential.
const SIGNATURES: [&str; 4] = ["sig=", "signature=", "token=", "code="];

/// The text without its secrets.
pub fn redact(text: &str) -> String {
    let mut redacted = String::with_capacity(text.len());
    let mut names_a_secret = false;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let blanks = piece.get(word.len()..).unwrap_or_default();
        if names_a_secret && !word.is_empty() {
            redacted.push_str(HIDDEN);
        } else {
            redacted.push_str(&redact_word(word));
        }
        redacted.push_str(blanks);
        if !word.is_empty() {
            names_a_secret = !names_a_secret && ends_with_name(word);
        }
    }
    redacted
}

/// `password:` and `password=`, whose value is the next word.
fn ends_with_name(word: &str) -> bool {
    word.strip_suffix([':', '=']).is_some_and(names_secret)
}

fn names_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|it| name.trim_end_matches(['"', '\'']).ends_with(it))
}

fn redact_word(word: &str) -> String {
    if let Some((scheme, rest)) = word.split_once("://") {
        return redact_address(scheme, rest);
    }
    if is_access_key(word) {
        return HIDDEN.to_owned();
    }
    redact_pairs(word)
}

fn redact_address(scheme: &str, rest: &str) -> String {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let host = authority.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let is_webhook = WEBHOOK_HOSTS.iter().any(|it| host == *it || host.ends_with(&format!(".{it}")));
    if is_webhook || SIGNATURES.iter().any(|it| path.to_ascii_lowercase().contains(it)) {
        let host_only = authority.rsplit('@').next().unwrap_or_default();
        return format!("{scheme}://{host_only}/{HIDDEN}");
    }
    // The last `@`, wherever it stands: a password may hold `/` and `@`.
    match rest.rsplit_once('@') {
        Some((_, host_and_path)) => format!("{scheme}://{HIDDEN}@{}", redact_pairs(host_and_path)),
        None => format!("{scheme}://{authority}{}", redact_pairs(path)),
    }
}

/// `Server=db;Pwd=x;`, `{"password":"x"}`: each value whose name is a secret's.
fn redact_pairs(text: &str) -> String {
    text.split_inclusive([';', '&', ',', '?'])
        .map(|piece| {
            let Some(at) = piece.find(['=', ':']) else { return piece.to_owned() };
            let Some((name, value)) = piece.split_at_checked(at + 1) else { return piece.to_owned() };
            let separator = value.get(value.trim_end_matches([';', '&', ',', '?']).len()..);
            let is_secret = names_secret(name.trim_end_matches(['=', ':'])) && !value.is_empty();
            if is_secret {
                format!("{name}{HIDDEN}{}", separator.unwrap_or_default())
            } else {
                piece.to_owned()
            }
        })
        .collect()
}

/// `AKIA…`, `ASIA…`: an access key of AWS.
fn is_access_key(word: &str) -> bool {
    let bare = word.trim_matches(|it: char| !it.is_ascii_alphanumeric());
    bare.len() == 20
        && (bare.starts_with("AKIA") || bare.starts_with("ASIA"))
        && bare.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_the_rest_stays() {
        for (text, expected) in [
            ("the disk is full", "the disk is full"),
            (
                "can't reach mysql://me:hunter2@db.internal:3306/gr",
                "can't reach mysql://***@db.internal:3306/gr",
            ),
            ("postgres://me:a/b@c@db/gr", "postgres://***@db/gr"),
            (
                "POST https://hooks.slack.com/services/T0/B0/xyz failed",
                "POST https://hooks.slack.com/*** failed",
            ),
            ("https://acme.webhook.office.com/webhookb2/1@2/x", "https://acme.webhook.office.com/***"),
            (
                "https://prod-1.westeurope.logic.azure.com:443/workflows/1?sig=q",
                "https://prod-1.westeurope.logic.azure.com:443/***",
            ),
            ("https://example.com/a?token=q&b=1", "https://example.com/***"),
            ("Server=db;Uid=me;Pwd=hunter2;Port=1", "Server=db;Uid=me;Pwd=***;Port=1"),
            ("Server=db; Password=hunter2; Port=1", "Server=db; Password=***; Port=1"),
            (r#"{"user":"me","password":"hunter2"}"#, r#"{"user":"me","password":***"#),
            ("password: hunter2 was refused", "password: *** was refused"),
            ("key AKIAIOSFODNN7EXAMPLE is unknown", "key *** is unknown"),
            ("é\n  two  blanks ", "é\n  two  blanks "),
        ] {
            assert_eq!(redact(text), expected, "{text}");
        }
    }

    #[test]
    fn a_link_to_the_console_stays() {
        let link =
            "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups";
        assert_eq!(redact(link), link);
    }

    #[test]
    fn what_is_redacted_once_stays_as_it_is() {
        let once = redact("Pwd=a;x https://hooks.slack.com/services/1 password: b mysql://u:p@h");
        assert_eq!(redact(&once), once);
    }
}
