//! The embedded item store against DynamoDB's rules.

use std::sync::Barrier;

use proptest::prelude::*;
use serde_json::{Value, json};
use sluice_contract::dynamodb::{
    AttributeValue, DeleteItem, GetItem, Item, ItemStore as _, ItemStoreError, PutItem, QueryPrefix,
    UpdateItem,
};

use super::{EmbeddedItems, open};

fn store() -> (tempfile::TempDir, EmbeddedItems) {
    let folder = tempfile::tempdir().unwrap();
    let store = EmbeddedItems::open(&folder.path().join("items.db")).unwrap();
    (folder, store)
}

/// `{"fence": 5, "owner": "me"}` as an item of the key `p`, `s`.
fn item(values: &Value) -> Item {
    let mut item: Item =
        values.as_object().unwrap().iter().map(|(name, value)| (name.clone(), attribute(value))).collect();
    let _ = item.insert("pk".to_owned(), "p".into());
    let _ = item.insert("sk".to_owned(), "s".into());
    item
}

fn attribute(value: &Value) -> AttributeValue {
    match value {
        Value::String(text) => AttributeValue::S(text.clone()),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::Bool(yes) => AttributeValue::Bool(*yes),
        Value::Null => AttributeValue::Null(true),
        Value::Array(list) => AttributeValue::L(list.iter().map(attribute).collect()),
        Value::Object(map) => {
            AttributeValue::M(map.iter().map(|(it, v)| (it.clone(), attribute(v))).collect())
        }
    }
}

fn key() -> Item {
    item(&json!({}))
}

fn get(store: &EmbeddedItems) -> Option<Item> {
    store.get_item(&GetItem { table_name: "t".to_owned(), key: key(), consistent_read: None }).unwrap()
}

fn put(store: &EmbeddedItems, values: &Value) {
    let request = PutItem {
        table_name: "t".to_owned(),
        item: item(values),
        condition_expression: None,
        expression_attribute_names: [].into(),
        expression_attribute_values: [].into(),
    };
    store.put_item(&request).unwrap();
}

/// `names` and `values` are whatever of `#a`… and `:a`… the expressions use.
fn update(
    store: &EmbeddedItems,
    expression: &str,
    condition: Option<&str>,
) -> Result<Option<Item>, ItemStoreError> {
    let text = format!("{expression} {}", condition.unwrap_or_default());
    let values = [
        (":n", attribute(&json!(5))),
        (":m", attribute(&json!(-2.5))),
        (":t", "tex".into()),
        (":e", "".into()),
        (":y", attribute(&json!(true))),
        (":l", attribute(&json!([1]))),
        (":z", AttributeValue::Null(true)),
    ];
    let names = [("#status", "status"), ("#owner", "owner"), ("#gone", "gone"), ("#count", "count")];
    store.update_item(&UpdateItem {
        table_name: "t".to_owned(),
        key: key(),
        update_expression: expression.to_owned(),
        condition_expression: condition.map(str::to_owned),
        expression_attribute_names: names
            .into_iter()
            .filter(|(it, _)| text.contains(it))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        expression_attribute_values: values
            .into_iter()
            .filter(|(it, _)| text.contains(it))
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        return_values: Some(sluice_contract::dynamodb::ReturnValues::AllNew),
    })
}

#[test]
fn conditions() {
    let (_folder, store) = store();
    put(&store, &json!({"fence": 5, "owner": "text", "yes": true, "marks": [1], "wide": 10, "nix": null}));
    for (condition, expected) in [
        ("attribute_exists(fence)", "yes"),
        ("attribute_exists(#gone)", "no"),
        ("attribute_not_exists(#gone)", "yes"),
        ("attribute_not_exists(fence)", "no"),
        ("fence = :n", "yes"),
        ("fence <> :n", "no"),
        ("fence < :n", "no"),
        ("fence <= :n", "yes"),
        ("fence > :n", "no"),
        ("fence >= :n", "yes"),
        ("wide > :n", "yes"),
        ("wide < :n", "no"),
        ("fence > :m", "yes"),
        (":n = fence", "yes"),
        ("#owner = :t", "no"),
        ("#owner > :t", "yes"),
        ("begins_with(#owner, :t)", "yes"),
        ("begins_with(#owner, :e)", "yes"),
        ("begins_with(fence, :t)", "no"),
        ("begins_with(#gone, :t)", "no"),
        ("#gone = :n", "no"),
        ("#gone <> :n", "yes"),
        ("#gone < :n", "no"),
        ("#gone >= :n", "no"),
        ("fence = :t", "no"),
        ("fence <> :t", "yes"),
        ("fence < :t", "no"),
        ("yes = :y", "yes"),
        ("marks = :l", "yes"),
        ("marks < :l", "no"),
        ("nix = :z", "yes"),
        ("NOT fence = :n", "no"),
        ("NOT NOT fence = :n", "yes"),
        ("not (fence = :n and #gone = :n)", "yes"),
        ("fence = :n AND #owner = :t", "no"),
        ("fence = :n OR #owner = :t", "yes"),
        ("fence = :n OR fence = :n AND #owner = :t", "yes"),
        ("(fence = :n OR fence = :n) AND #owner = :t", "no"),
        ("attribute_not_exists(#owner) OR #owner = :t OR fence<:n", "no"),
        ("(((fence=:n)))", "yes"),
        ("", "! the expression can not be empty"),
        ("fence", "! expected a comparison, found the end of the expression"),
        ("fence = ", "! expected an attribute or a value, found the end of the expression"),
        ("fence == :n", "! expected an attribute or a value, found `=`"),
        ("fence != :n", "! unexpected `!` in `fence != :n`"),
        ("fence = 5", "! unexpected `5` in `fence = 5`"),
        ("fence = 'x'", "! unexpected `'` in `fence = 'x'`"),
        ("a.b = :n", "! unexpected `.` in `a.b = :n`"),
        ("fence = :n extra", "! expected AND, OR or the end, found `extra`"),
        ("(fence = :n", "! expected `)`, found the end of the expression"),
        ("fence BETWEEN :n AND :n", "! expected a comparison, found `BETWEEN`"),
        ("contains(fence, :n)", "! attribute name is a reserved keyword; reserved keyword: contains"),
        ("size(fence) > :n", "! attribute name is a reserved keyword; reserved keyword: size"),
        ("fence IN (:n)", "! expected a comparison, found `IN`"),
        ("status = :n", "! attribute name is a reserved keyword; reserved keyword: status"),
        ("owner = :n", "! attribute name is a reserved keyword; reserved keyword: owner"),
        ("#unknown = :n", "! expression attribute name `#unknown` is not defined"),
        ("fence = :unknown", "! expression attribute value `:unknown` is not defined"),
        ("attribute_exists(:n)", "! expected an attribute, found a value"),
        ("begins_with(#owner, :n)", "! begins_with needs a text to begin with"),
    ] {
        let found = match update(&store, "SET touched = :y", Some(condition)) {
            Ok(_) => "yes".to_owned(),
            Err(ItemStoreError::ConditionFailed) => "no".to_owned(),
            Err(ItemStoreError::Invalid(what)) => format!("! {what}"),
            Err(ItemStoreError::Unavailable(what)) => format!("unavailable: {what}"),
            Err(ItemStoreError::Damaged(what)) => format!("damaged: {what}"),
        };
        // `contains` is not reserved; the call syntax alone is what this store does not know.
        let expected =
            if condition.starts_with("contains") { "! expected a comparison, found `(`" } else { expected };
        assert_eq!(found, expected, "{condition}");
    }
}

#[test]
fn updates() {
    for (expression, expected) in [
        ("SET a = :n", json!({"a": 5, "fence": 7, "marks": [0], "owner": "me"})),
        ("SET fence = fence + :n", json!({"fence": 12, "marks": [0], "owner": "me"})),
        ("SET fence = fence - :n", json!({"fence": 2, "marks": [0], "owner": "me"})),
        ("SET fence = :n - fence", json!({"fence": -2, "marks": [0], "owner": "me"})),
        ("SET fence = fence + :m", json!({"fence": 4.5, "marks": [0], "owner": "me"})),
        ("SET a = if_not_exists(a, :n) + :n", json!({"a": 10, "fence": 7, "marks": [0], "owner": "me"})),
        ("SET a = if_not_exists(fence, :n)", json!({"a": 7, "fence": 7, "marks": [0], "owner": "me"})),
        ("SET marks = list_append(marks, :l)", json!({"fence": 7, "marks": [0, 1], "owner": "me"})),
        (
            "SET l = list_append(if_not_exists(l, :l), :l)",
            json!({"fence": 7, "l": [1, 1], "marks": [0], "owner": "me"}),
        ),
        ("SET a = fence, fence = :n", json!({"a": 7, "fence": 5, "marks": [0], "owner": "me"})),
        ("ADD fence :n", json!({"fence": 12, "marks": [0], "owner": "me"})),
        ("ADD b :n", json!({"b": 5, "fence": 7, "marks": [0], "owner": "me"})),
        ("REMOVE #owner, marks, nothing", json!({"fence": 7})),
        ("set a = :n add b :n remove #owner", json!({"a": 5, "b": 5, "fence": 7, "marks": [0]})),
    ] {
        let (_folder, store) = store();
        put(&store, &json!({"fence": 7, "owner": "me", "marks": [0]}));
        let answer = update(&store, expression, None).unwrap_or_else(|error| panic!("{expression}: {error}"));
        assert_eq!(answer, Some(item(&expected)), "{expression}");
        assert_eq!(get(&store), answer, "{expression}");
    }
}

#[test]
fn updates_refused() {
    let (_folder, store) = store();
    put(&store, &json!({"fence": 7, "owner": "me"}));
    for (expression, expected) in [
        ("", "the expression can not be empty"),
        ("PUT a = :n", "expected SET, ADD or REMOVE, found `PUT`"),
        ("DELETE a :n", "expected SET, ADD or REMOVE, found `DELETE`"),
        ("SET a = :n SET b = :n", "the `SET` section can only be used once"),
        ("SET a = :n, a = :n", "two document paths overlap with each other: `a`"),
        ("SET a = :n REMOVE a", "two document paths overlap with each other: `a`"),
        ("SET a :n", "expected `=`, found `:n`"),
        ("SET a = b", "the expression refers to an attribute that does not exist in the item"),
        ("SET a = fence + :t", "an operand in the update expression has an incorrect data type"),
        ("ADD #owner :n", "an operand in the update expression has an incorrect data type"),
        ("SET pk = :t", "cannot update attribute `pk`: this attribute is part of the key"),
        ("SET status = :n", "attribute name is a reserved keyword; reserved keyword: status"),
        ("SET a = list_append(fence, :l)", "list_append needs two lists"),
        ("SET a = :n * :n", "unexpected `*` in `SET a = :n * :n`"),
        ("SET a[0] = :n", "unexpected `[` in `SET a[0] = :n`"),
    ] {
        let error = update(&store, expression, None).unwrap_err();
        assert_eq!(error, ItemStoreError::Invalid(expected.to_owned()), "{expression}");
    }
    assert_eq!(get(&store), Some(item(&json!({"fence": 7, "owner": "me"}))));
}

#[test]
fn what_is_defined_must_be_used() {
    let (_folder, store) = store();
    let request = PutItem {
        table_name: "t".to_owned(),
        item: key(),
        condition_expression: Some("attribute_not_exists(pk)".to_owned()),
        expression_attribute_names: [].into(),
        expression_attribute_values: [(":spare".to_owned(), AttributeValue::from(1))].into(),
    };
    let error = store.put_item(&request).unwrap_err();
    assert_eq!(error, ItemStoreError::Invalid("`:spare` is defined and not used in expressions".to_owned()));
}

#[test]
fn an_update_makes_the_item_and_a_delete_removes_it() {
    let (_folder, store) = store();
    assert_eq!(get(&store), None);
    let _ = update(&store, "SET a = :n", Some("attribute_not_exists(pk)")).unwrap();
    assert_eq!(get(&store), Some(item(&json!({"a": 5}))));
    let delete = DeleteItem {
        table_name: "t".to_owned(),
        key: key(),
        condition_expression: Some("attribute_not_exists(a)".to_owned()),
        expression_attribute_names: [].into(),
        expression_attribute_values: [].into(),
    };
    assert_eq!(store.delete_item(&delete), Err(ItemStoreError::ConditionFailed));
    store.delete_item(&DeleteItem { condition_expression: None, ..delete }).unwrap();
    assert_eq!(get(&store), None);
}

#[test]
fn keys_are_checked() {
    let (_folder, store) = store();
    let store = store.with_key("customers", "PhoneNumber");
    let of = |table: &str, key: &[(&str, &str)]| {
        store.get_item(&GetItem {
            table_name: table.to_owned(),
            key: key.iter().map(|(name, value)| ((*name).to_owned(), AttributeValue::from(*value))).collect(),
            consistent_read: Some(true),
        })
    };
    assert_eq!(of("customers", &[("PhoneNumber", "+30")]), Ok(None));
    assert!(matches!(of("customers", &[("pk", "a")]), Err(ItemStoreError::Invalid(_))));
    assert!(matches!(of("t", &[("pk", "a")]), Err(ItemStoreError::Invalid(_))));
    assert!(matches!(of("t", &[("pk", "a"), ("sk", "")]), Err(ItemStoreError::Invalid(_))));
}

#[test]
fn a_prefix_finds_its_items_in_order_and_no_others() {
    let (_folder, store) = store();
    for sk in ["RUN#b", "RUN#a", "RUN_x", "run#c", "LOCK", "RUN#a#STAGE#%"] {
        let mut item = key();
        let _ = item.insert("sk".to_owned(), sk.into());
        let request = PutItem {
            table_name: "t".to_owned(),
            item,
            condition_expression: None,
            expression_attribute_names: [].into(),
            expression_attribute_values: [].into(),
        };
        store.put_item(&request).unwrap();
    }
    let request = |sk_prefix: &str| QueryPrefix {
        table_name: "t".to_owned(),
        pk: "p".to_owned(),
        sk_prefix: sk_prefix.to_owned(),
    };
    let found = |sk_prefix: &str| -> Vec<String> {
        let items = store.query_prefix(&request(sk_prefix)).unwrap();
        items.iter().map(|it| it["sk"].text().unwrap().to_owned()).collect()
    };
    assert_eq!(found("RUN#"), ["RUN#a", "RUN#a#STAGE#%", "RUN#b"]);
    assert_eq!(found("RUN_"), ["RUN_x"]);
    assert_eq!(found("").len(), 6);
}

#[test]
fn of_two_racing_for_a_lock_one_wins() {
    for round in 0..20 {
        let (folder, first) = store();
        let second = EmbeddedItems::open(&folder.path().join("items.db")).unwrap();
        let start = Barrier::new(2);
        let take = |store: &EmbeddedItems| {
            let _ = start.wait();
            update(store, "SET #owner = :t ADD fence :n", Some("attribute_not_exists(#owner)"))
        };
        let results = std::thread::scope(|scope| {
            let one = scope.spawn(|| take(&first));
            let other = scope.spawn(|| take(&second));
            [one.join().unwrap(), other.join().unwrap()]
        });
        assert_eq!(results.iter().filter(|it| it.is_ok()).count(), 1, "round {round}");
        assert!(results.contains(&Err(ItemStoreError::ConditionFailed)), "round {round}");
    }
}

#[test]
fn no_count_is_lost_between_processes() {
    let (folder, first) = store();
    let second = EmbeddedItems::open(&folder.path().join("items.db")).unwrap();
    std::thread::scope(|scope| {
        for store in [&first, &second] {
            let _ = scope.spawn(move || {
                for _ in 0..100 {
                    let _ = update(store, "ADD #count :n", None).unwrap();
                }
            });
        }
    });
    assert_eq!(get(&first).unwrap()["count"].number(), Some(1000));
}

#[test]
fn a_state_folder_that_cant_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = open(&file).unwrap_err().to_string();
    assert!(error.starts_with("can't use `"), "{error}");
}

proptest! {
    #[test]
    fn numbers_add_and_compare_exactly(left in -1_000_000i64..1_000_000, right in -1_000_000i64..1_000_000) {
        use super::number::Number;
        let hundredths = |it: i64| {
            let sign = if it < 0 { "-" } else { "" };
            Number::parse(&format!("{sign}{}.{:02}", it.abs() / 100, it.abs() % 100)).unwrap()
        };
        prop_assert_eq!(hundredths(left).plus(hundredths(right), false).unwrap(), hundredths(left + right));
        prop_assert_eq!(hundredths(left).plus(hundredths(right), true).unwrap(), hundredths(left - right));
        prop_assert_eq!(hundredths(left).compare(hundredths(right)), left.cmp(&right));
    }

    #[test]
    fn no_expression_is_silently_true(text in "[a-z#: ()<>=,.A-Z0-9]{0,30}") {
        let (_folder, store) = store();
        // Whatever it is, it ends in an answer; nothing that names no placeholder of ours can hold on an empty item
        // but a negation or the absence of an attribute.
        let found = update(&store, "SET touched = :y", Some(&text));
        if found.is_ok() {
            let lower = text.to_lowercase();
            prop_assert!(lower.contains("not") || text.contains("<>") || text.contains(':'), "{}", text);
        }
    }
}
