//! `platform`, and the blocks in it.

use super::{
    cursor::Cursor,
    effort,
    statement::{Lines, statements},
    survey,
};
use crate::syntax::{
    ast::{
        Channel, Connection, Defaults, DefaultsSetting, Engine, Environment, EnvironmentSetting, Name,
        Notify, Place, Platform,
    },
    settings::BlockKind,
    tree::Statement,
};

pub(super) fn platform(lines: &mut Lines<'_>, statement: &Statement) -> Option<Platform> {
    let header = lines.header(statement, |it| it.expect_name("a name such as `credit_reports`"))?;
    let mut platform = Platform {
        span: header.span,
        keyword: header.keyword,
        name: header.value,
        environments: Vec::new(),
        connections: Vec::new(),
        targets: Vec::new(),
        channels: Vec::new(),
        notifies: Vec::new(),
        defaults: Vec::new(),
        unreadable: Vec::new(),
    };
    let mut inside = lines.inside(BlockKind::Platform);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        let Some(word) = inside.first_word(statement) else { continue };
        match word {
            "environment" => platform.environments.extend(environment(&mut inside, statement)),
            "connection" => platform.connections.extend(connection(&mut inside, statement)),
            "target" => platform.targets.extend(inside.line(statement, target)),
            "channel" => platform.channels.extend(inside.line(statement, channel)),
            "notify" => platform.notifies.extend(inside.line(statement, notify)),
            "defaults" => platform.defaults.extend(defaults(&mut inside, statement)),
            // Read for all blocks at once.
            "allow" => {}
            _ => inside.unknown(statement),
        }
    }
    platform.unreadable = inside.unreadable;
    Some(platform)
}

fn environment(lines: &mut Lines<'_>, statement: &Statement) -> Option<Environment> {
    let header = lines.header_or_line(statement, |it| it.expect_name("a name such as `prod`"))?;
    let mut settings = Vec::new();
    let mut inside = lines.inside(BlockKind::Environment);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        let Some(word) = inside.first_word(statement) else { continue };
        match word {
            "account" => settings.extend(inside.line(statement, account)),
            "region" => settings.extend(inside.line(statement, region)),
            "connect" => settings.extend(inside.line(statement, connect)),
            "queue" => settings.extend(inside.line(statement, queue)),
            "hours" => settings.extend(inside.line(statement, hours)),
            _ => inside.unknown(statement),
        }
    }
    let unreadable = inside.unreadable;
    Some(Environment { span: header.span, keyword: header.keyword, name: header.value, settings, unreadable })
}

fn account(cursor: &mut Cursor<'_>) -> Option<EnvironmentSetting> {
    cursor.expect_digits("the account's twelve digits").map(EnvironmentSetting::Account)
}

fn region(cursor: &mut Cursor<'_>) -> Option<EnvironmentSetting> {
    cursor.expect_name("a region such as `eu-west-1`").map(EnvironmentSetting::Region)
}

fn connect(cursor: &mut Cursor<'_>) -> Option<EnvironmentSetting> {
    cursor.expect_text("the instance's ID in quotes").map(EnvironmentSetting::Connect)
}

fn queue(cursor: &mut Cursor<'_>) -> Option<EnvironmentSetting> {
    let name = survey::resource(cursor, "the name of a queue")?;
    Some(EnvironmentSetting::Queue(name, cursor.expect_text("its ID in quotes")?))
}

fn hours(cursor: &mut Cursor<'_>) -> Option<EnvironmentSetting> {
    let name = survey::resource(cursor, "the name of hours of operation")?;
    Some(EnvironmentSetting::Hours(name, cursor.expect_text("their ID in quotes")?))
}

fn connection(lines: &mut Lines<'_>, statement: &Statement) -> Option<Connection> {
    let header = lines.header(statement, |it| it.expect_name("a name such as `athens_registry`"))?;
    let mut places = Vec::new();
    let mut inside = lines.inside(BlockKind::Connection);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        places.extend(place(&mut inside, statement));
    }
    let unreadable = inside.unreadable;
    Some(Connection { span: header.span, keyword: header.keyword, name: header.value, places, unreadable })
}

fn place(lines: &mut Lines<'_>, statement: &Statement) -> Option<Place> {
    let word = lines.first_word(statement)?.to_owned();
    let engines = [
        ("sqlite", Engine::Sqlite),
        ("csv", Engine::Csv),
        ("mysql", Engine::Mysql),
        ("postgres", Engine::Postgres),
    ];
    let entry = lines.line(statement, |cursor| {
        let engine = cursor.expect_one_of(&engines)?;
        let secret = cursor.take_word("secret");
        let what = match (secret, engine.value) {
            (Some(_), _) => "the secret's name in quotes",
            (None, Engine::Sqlite) => "a file such as `\"samples/greece.db\"`",
            (None, Engine::Csv) => "a folder such as `\"samples/greece\"`",
            (None, Engine::Mysql | Engine::Postgres) => "`secret` and the secret's name",
        };
        Some((engine, secret, cursor.expect_text(what)?))
    })?;
    let (engine, secret, text) = entry.value;
    let environment = Name::new(word, entry.keyword);
    Some(Place { span: entry.span, environment, engine, secret, text })
}

fn target(cursor: &mut Cursor<'_>) -> Option<Name> {
    cursor.expect_name("the name of a connection")
}

fn channel(cursor: &mut Cursor<'_>) -> Option<Channel> {
    let name = cursor.expect_name("a name such as `data_team`")?;
    let kind = cursor.expect_name("a kind of channel such as `teams`")?;
    let secret = cursor.take_word("secret");
    let what = match (secret, kind.value.as_str()) {
        (Some(_), _) => "the secret's name in quotes",
        (None, "email") => "an address such as `\"ops@example.com\"`",
        (None, _) => "`secret` and the secret's name",
    };
    Some(Channel { name, kind, secret, text: cursor.expect_text(what)? })
}

fn notify(cursor: &mut Cursor<'_>) -> Option<Notify> {
    let channels = cursor.expect_names("the name of a channel")?;
    let _ = cursor.expect_word("on")?;
    Some(Notify { channels, events: cursor.expect_names("an event such as `failure`")? })
}

fn defaults(lines: &mut Lines<'_>, statement: &Statement) -> Option<Defaults> {
    let header = lines.header(statement, |_| Some(()))?;
    let mut settings = Vec::new();
    let mut inside = lines.inside(BlockKind::Defaults);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        let Some(word) = inside.first_word(statement) else { continue };
        if let Some(effort) = effort::reader(word) {
            settings.extend(inside.line(statement, |it| effort(it).map(DefaultsSetting::Effort)));
            continue;
        }
        match word {
            "overlap" => settings.extend(inside.line(statement, overlap)),
            "staging" => settings.extend(inside.line(statement, staging)),
            _ => inside.unknown(statement),
        }
    }
    let unreadable = inside.unreadable;
    Some(Defaults { span: header.span, keyword: header.keyword, settings, unreadable })
}

fn overlap(cursor: &mut Cursor<'_>) -> Option<DefaultsSetting> {
    effort::overlap(cursor).map(DefaultsSetting::Overlap)
}

fn staging(cursor: &mut Cursor<'_>) -> Option<DefaultsSetting> {
    effort::staging(cursor).map(DefaultsSetting::Staging)
}
