//! Tests of powers, interactions, reference levels, marks of missing cells and case weights.

use crate::data::csv::{no_tick, read_bytes};
use crate::data::design::*;
use crate::data::options::ImportOptions;
use crate::data::table::Table;

const TABLE: &str = "a,c,b,w,y\n\
    1,red,yes,1,1.5\n\
    2,blue,no,2,2.25\n\
    ,red,yes,1,3.5\n\
    4,green,no,0,4.75\n\
    5,blue,,3,6.5\n\
    6,green,yes,1,\n\
    7,red,no,2,8.25\n\
    3,blue,yes,1,3.0\n";

fn table() -> Table {
    read_bytes("test", TABLE.as_bytes(), &ImportOptions::default(), &no_tick).unwrap()
}

fn at(table: &Table, name: &str) -> usize {
    table.column_index(name).unwrap()
}

fn design(change: impl FnOnce(&Table, &mut Roles)) -> Result<Design, DesignError> {
    let table = table();
    let mut roles = Roles::new(at(&table, "y"));
    change(&table, &mut roles);
    Design::new(&table, &roles)
}

fn names(design: &Design) -> Vec<&str> {
    design.features.iter().map(|f| f.name.as_str()).collect()
}

#[test]
fn powers_follow_their_column() {
    let design = design(|t, roles| {
        roles.degrees.insert(at(t, "a"), 3);
    })
    .unwrap();
    assert_eq!(names(&design), ["a", "a^2", "a^3", "c=green", "c=red", "b", "w"]);
    for (row, a) in design.x.column(0).iter().enumerate() {
        assert!((design.x[[row, 1]] - a * a).abs() < 1e-12 && (design.x[[row, 2]] - a * a * a).abs() < 1e-12);
    }
}

#[test]
fn interactions_are_products_of_what_both_columns_give() {
    let design = design(|t, roles| {
        roles.missing = Missing::Mean;
        roles.interactions.extend([at(t, "a"), at(t, "c"), at(t, "b")]);
    })
    .unwrap();
    let products = ["a:c=green", "a:c=red", "a:b", "c=green:b", "c=red:b"];
    assert_eq!(names(&design)[5..], products[..3].iter().chain(&products[4..]).copied().collect::<Vec<_>>());
    let column = |name: &str| design.features.iter().position(|f| f.name == name).unwrap();
    let (missing, x) = (design.missing.as_ref().unwrap(), &design.x);
    for row in 0..design.y.len() {
        let (a, red, product) = (column("a"), column("c=red"), column("a:c=red"));
        assert_eq!(missing[[row, product]], missing[[row, a]] || missing[[row, red]]);
        let expected = if missing[[row, product]] { 0.0 } else { x[[row, a]] * x[[row, red]] };
        assert!((x[[row, product]] - expected).abs() < 1e-15);
    }
    // The only green rows that have a target say no: nothing varies in c=green:b.
    assert!(design.notes.iter().any(|note| note.kind == "constant_column" && note.action.contains("c=green:b")));
}

#[test]
fn the_reference_level_is_the_users() {
    let with = |level: &str| {
        design(|t, roles| {
            roles.references.insert(at(t, "c"), level.to_owned());
        })
    };
    assert_eq!(names(&with("red").unwrap())[1..3], ["c=blue", "c=green"]);
    let error = with("pink").unwrap_err().to_string();
    assert!(error.contains("\"pink\"") && error.contains("blue, green, red"), "{error}");
    let error = design(|t, roles| {
        roles.references.insert(at(t, "a"), "1".to_owned());
    });
    assert!(matches!(error, Err(DesignError::NoLevels { .. })));
}

#[test]
fn missing_cells_can_be_marked() {
    let design = design(|_, roles| roles.missing = Missing::MeanAndIndicator).unwrap();
    assert_eq!(names(&design), ["a", "a (missing)", "c=green", "c=red", "b", "b (missing)", "w"]);
    assert_eq!(design.x.column(1).to_vec(), [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    let mask = design.missing.unwrap();
    assert!(mask[[2, 0]] && mask[[4, 4]]);
    assert_eq!(mask.iter().filter(|m| **m).count(), 2, "a mark is never missing itself");
}

#[test]
fn weights_count_rows_and_leave_out_those_of_zero() {
    let design = design(|t, roles| {
        roles.missing = Missing::Mean;
        roles.weight_column = Some(at(t, "w"));
    })
    .unwrap();
    assert_eq!(names(&design), ["a", "c=red", "b"], "the green rows have no weight or no target");
    assert_eq!(design.records, [0, 1, 2, 4, 6, 7]);
    assert_eq!(design.case_weights.unwrap().to_vec(), [1.0, 2.0, 1.0, 3.0, 2.0, 1.0]);
    assert_eq!((design.n_without_weight, design.n_missing_target), (1, 1));
    assert!(design.notes.iter().any(|note| note.kind == "zero_weight"));
}

#[test]
fn weights_that_cannot_be_are_refused_with_their_line() {
    let refuse = |text: &str| {
        let table = read_bytes("test", text.as_bytes(), &ImportOptions::default(), &no_tick).unwrap();
        let mut roles = Roles::new(at(&table, "y"));
        roles.weight_column = Some(at(&table, "w"));
        Design::new(&table, &roles).unwrap_err()
    };
    let negative = refuse("x,w,y\n1,1,2\n2,-1,1\n3,1,4\n5,1,3\n");
    assert_eq!(negative, DesignError::NegativeWeight { line: 3, column: "w".into(), value: -1.0 });
    assert!(matches!(refuse("x,w,y\n1,1,2\n2,1,1\n3,,4\n5,1,3\n"), DesignError::LabelMissing { line: 4, .. }));
    assert!(matches!(refuse("x,w,y\n1,u,2\n2,v,1\n3,u,4\n5,v,3\n"), DesignError::WeightsNotNumeric { .. }));
}

#[test]
fn powers_of_text_and_powers_that_overflow_are_refused() {
    let of_text = design(|t, roles| {
        roles.degrees.insert(at(t, "c"), 2);
    });
    assert!(matches!(of_text, Err(DesignError::Degree { degree: 2, .. })));
    let text = "x,y\n1,2\n1e200,1\n3,4\n5,3\n";
    let table = read_bytes("test", text.as_bytes(), &ImportOptions::default(), &no_tick).unwrap();
    let mut roles = Roles::new(1);
    roles.degrees.insert(0, 2);
    let error = Design::new(&table, &roles).unwrap_err();
    assert_eq!(error, DesignError::Overflow { line: 3, feature: "x^2".into() });
}

#[test]
fn a_feature_has_the_value_of_its_record_everywhere() {
    let table = table();
    let mut roles = Roles::new(at(&table, "y"));
    roles.missing = Missing::MeanAndIndicator;
    roles.degrees.insert(at(&table, "a"), 2);
    roles.interactions.extend([at(&table, "a"), at(&table, "c")]);
    let design = Design::new(&table, &roles).unwrap();
    let missing = design.missing.as_ref().unwrap();
    for (j, feature) in design.features.iter().enumerate() {
        for (row, &record) in design.records.iter().enumerate() {
            let value = feature.value(&table, record);
            assert_eq!(value.is_nan(), missing[[row, j]], "{} {record}", feature.name);
            assert!(value.is_nan() || (value - design.x[[row, j]]).abs() < 1e-15);
        }
    }
}
