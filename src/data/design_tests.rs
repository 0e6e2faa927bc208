//! Tests of the way from a table to a regression.

use crate::data::csv::{no_tick, read_bytes};
use crate::data::design::*;
use crate::data::options::ImportOptions;
use crate::data::table::Table;

fn table(text: &str) -> Table {
    read_bytes("test", text.as_bytes(), &ImportOptions::default(), &no_tick).unwrap()
}

fn roles(table: &Table, target: &str) -> Roles {
    Roles::new(table.column_index(target).unwrap())
}

fn names(design: &Design) -> Vec<&str> {
    design.features.iter().map(|f| f.name.as_str()).collect()
}

fn kinds(design: &Design) -> Vec<&str> {
    design.notes.iter().map(|n| n.kind).collect()
}

const MIXED: &str = "id,c,w,k,d,b,y\n\
    1,u,1.5,7,2024-01-01,yes,1\n\
    2,v,2.5,7,2024-01-02,no,2\n\
    3,u,,7,2024-01-03,yes,3\n\
    4,t,4.0,7,2024-01-04,no,5\n\
    5,v,1.0,7,2024-01-05,yes,\n\
    6,t,0.5,7,2024-01-06,no,4\n";

#[test]
fn categories_become_indicators_and_constants_are_left_out() {
    let table = table(MIXED);
    let design = Design::new(&table, &roles(&table, "y")).unwrap();
    assert_eq!(names(&design), ["id", "c=u", "c=v", "w", "b"]);
    assert_eq!(design.records, [0, 1, 3, 5]);
    assert_eq!((design.n_missing_target, design.n_missing_feature, design.n_records), (1, 1, 6));
    assert_eq!(design.x.column(1).to_vec(), [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(design.x.column(4).to_vec(), [1.0, 0.0, 0.0, 0.0]);
    assert!(design.x.t().is_standard_layout(), "columns lie together");
    for kind in
        ["constant_column", "date_left_out", "category", "missing_target", "missing_rows", "id_like", "time_order"]
    {
        assert!(kinds(&design).contains(&kind), "{kind} in {:?}", kinds(&design));
    }
}

#[test]
fn missing_cells_are_masked_when_the_mean_is_to_fill_them() {
    let table = table(MIXED);
    let roles = Roles { missing: Missing::Mean, ..roles(&table, "y") };
    let design = Design::new(&table, &roles).unwrap();
    assert_eq!(design.records, [0, 1, 2, 3, 5]);
    let mask = design.missing.unwrap();
    let w = design.features.iter().position(|f| f.name == "w").unwrap();
    assert_eq!(mask.column(w).to_vec(), [false, false, true, false, false]);
    assert_eq!(mask.iter().filter(|m| **m).count(), 1);
    assert!(design.x.iter().all(|v| v.is_finite()));
}

#[test]
fn a_target_with_text_is_refused_with_its_cell() {
    let table = table("x,y\n1,2\n2,oops\n3,4\n4,5\n5,7\n");
    let error = Design::new(&table, &roles(&table, "y")).unwrap_err();
    let expected = DesignError::TargetNotNumeric { line: 3, column: "y".into(), text: "oops".into() };
    assert_eq!(error, expected);
}

#[test]
fn hopeless_tables_are_refused_in_words() {
    let refuse = |text: &str, target: &str| {
        let table = table(text);
        Design::new(&table, &roles(&table, target)).unwrap_err().to_string()
    };
    assert!(refuse("x,y\n1,5\n2,5\n3,5\n", "y").contains("does not vary: all 3"));
    assert!(refuse("x,y\n1,5\n2,6\n", "y").contains("2 of 2 rows are complete"));
    assert!(refuse("x,y\n,1\n,2\n,3\n5,4\n", "y").contains("x (3)"));
    assert!(refuse("x,y\n1,5\n1,6\n1,7\n", "y").contains("1 column of one value"));
    assert!(refuse("y\n5\n6\n7\n", "y").contains("no other column"));
}

#[test]
fn fold_labels_follow_the_order_of_values() {
    let table = table("f,g,x,y\n10,b,1,2\n9,a,2,1\n10,b,4,3\n2,c,3,5\n");
    let with = |fold, group| {
        let roles = Roles { fold_column: fold, group_column: group, ..roles(&table, "y") };
        Design::new(&table, &roles)
    };
    let design = with(Some(0), Some(1)).unwrap();
    assert_eq!(names(&design), ["x"]);
    assert_eq!(design.fold_labels.unwrap(), [2, 1, 2, 0]);
    assert_eq!(design.group_labels.unwrap(), [1, 0, 1, 2]);
    assert!(matches!(with(Some(3), None), Err(DesignError::RoleClash { .. })));
    assert!(matches!(with(Some(9), None), Err(DesignError::UnknownColumn { .. })));
}

#[test]
fn folds_must_be_given_and_differ() {
    let table = table("f,g,x,y\n1,a,1,2\n1,a,2,1\n,a,4,3\n1,a,3,5\n");
    let with = |fold| Design::new(&table, &Roles { fold_column: Some(fold), ..roles(&table, "y") });
    assert!(matches!(with(0), Err(DesignError::LabelMissing { line: 4, .. })));
    assert!(matches!(with(1), Err(DesignError::OneLabel { .. })));
}

#[test]
fn twins_and_the_target_in_disguise_are_named() {
    let table = table("a,b,z,y\n1,1,3,3\n2,2,5,5\n4,4,4,4\n");
    let design = Design::new(&table, &roles(&table, "y")).unwrap();
    assert!(kinds(&design).contains(&"duplicate_columns"));
    assert!(kinds(&design).contains(&"equals_target"));
}

#[test]
fn the_target_is_guessed_by_name_or_place() {
    assert_eq!(suggest_target(&table("Y,a,b\n1,2,3\n3,1,2\n5,5,1\n")), Some(0));
    assert_eq!(suggest_target(&table("a,b,c\n1,2,u\n3,1,v\n5,5,w\n")), Some(1));
}
