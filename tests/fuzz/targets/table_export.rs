//! What is written is read back: names, levels and numbers to the bit, by chosen options and by the loader's own guess.
#![no_main]

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use libfuzzer_sys::fuzz_target;
use shrinkscope::analysis::{Analysis, Settings, analyze};
use shrinkscope::data::csv::{no_tick, read_bytes};
use shrinkscope::data::design::{Design, Roles};
use shrinkscope::data::options::{Comment, Header, ImportOptions, Quote, Separator, TypeChoice};
use shrinkscope::data::table::{ColumnType, Table, Values};
use shrinkscope::export::{At, File, Results};
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::path::Grid;
use shrinkscope::model::progress::Progress;
use shrinkscope_fuzz::input::Input;
use shrinkscope_fuzz::{init, read, trim_name};

fuzz_target!(init: init(), |bytes: &[u8]| {
    let mut input = Input(bytes);
    if input.byte() % 2 == 0 {
        check_table(&mut input);
    } else {
        check_exports(&mut input);
    }
});

/// A name as the loader makes them: trimmed, not blank, no zero byte, not taken.
fn name(input: &mut Input<'_>, taken: &[String]) -> String {
    let text = input.text().replace('\0', "0");
    let mut name = trim_name(&text).to_owned();
    while name.is_empty() || taken.contains(&name) {
        name.push('_');
    }
    name
}

fn names(input: &mut Input<'_>, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    for _ in 0..count {
        names.push(name(input, &names));
    }
    names
}

/// Nothing left to guess.
fn fixed(types: impl IntoIterator<Item = (String, TypeChoice)>) -> ImportOptions {
    ImportOptions {
        delimiter: Some(Separator::COMMA),
        quote: Some(Quote::Double),
        header: Some(Header::Yes),
        skip_lines: Some(0),
        comment: Some(Comment::None),
        missing_tokens: Some(Vec::new()),
        types: types.into_iter().collect(),
        ..ImportOptions::default()
    }
}

fn numbers<'a>(table: &'a Table, name: &str) -> &'a [f64] {
    match &table.columns[table.column_index(name).expect("the column is there")].values {
        Values::Numbers(values) => values,
        Values::Levels { levels, .. } => panic!("{name} was read as text: {levels:?}"),
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// Columns of numbers and of texts, written as a table.
fn check_table(input: &mut Input<'_>) {
    let (width, n_numbers) = (1 + usize::from(input.byte() % 4), usize::from(input.byte() % 5));
    let n_records = 1 + usize::from(input.byte() % 12);
    let names = names(input, width);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for _ in 0..n_records {
        let cell =
            |j: usize| if j < n_numbers { format!("{:?}", input.double()) } else { input.text().replace('\0', "0") };
        rows.push((0..width).map(cell).collect());
    }
    // A line of blanks is no record.
    let style = if width == 1 { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    let mut writer = csv::WriterBuilder::new().quote_style(style).from_writer(Vec::new());
    writer.write_record(&names).expect("memory takes any row");
    for row in &rows {
        writer.write_record(row).expect("memory takes any row");
    }
    let text = writer.into_inner().expect("memory takes any row");
    let choice = |j: usize| if j < n_numbers { TypeChoice::Number } else { TypeChoice::Category };
    let types = names.iter().enumerate().map(|(j, n)| (n.clone(), choice(j)));
    let table = match read(&text, &fixed(types)) {
        Ok(table) => table,
        // A first name may begin as a PDF does.
        Err(error) => {
            assert!(matches!(error.kind(), "not_delimited_text" | "compressed"), "written by the rules: {error}");
            return;
        }
    };
    assert_eq!(table.n_records, rows.len());
    check_cells(&table, &names, &rows);
    if let Ok(table) = read(&text, &ImportOptions::default())
        && table.notes.iter().all(|n| SIZE.contains(&n.kind))
    {
        assert_eq!(table.n_records, rows.len(), "records lost in silence");
        check_cells(&table, &names, &rows);
    }
}

/// Notes that tell what a table is good for, not how it was read.
const SIZE: [&str; 3] = ["too_few_rows", "too_few_columns", "no_numeric_columns"];

fn check_cells(table: &Table, names: &[String], rows: &[Vec<String>]) {
    let found: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(found, names);
    for (j, column) in table.columns.iter().enumerate() {
        for (record, row) in rows.iter().enumerate() {
            let text = &row[j];
            match &column.values {
                Values::Numbers(values) => match text.trim().parse::<f64>() {
                    Ok(v) if v.is_finite() => assert_eq!(values[record].to_bits(), v.to_bits(), "{text:?}"),
                    _ => assert!(values[record].is_nan() || column.column_type != ColumnType::Number, "{text:?}"),
                },
                Values::Levels { levels, codes } => match levels.get(codes[record] as usize) {
                    Some(level) => assert!(level == text || level == text.trim_matches(' '), "{text:?}, {level:?}"),
                    None => assert!(text.trim().is_empty(), "{text:?} is lost"),
                },
            }
        }
    }
}

/// A small analysis, computed once; its names and errors are then made up.
fn analysis() -> &'static (Table, Roles, Analysis) {
    static ANALYSIS: OnceLock<(Table, Roles, Analysis)> = OnceLock::new();
    ANALYSIS.get_or_init(|| {
        let text =
            "a,b,c,y\n1,4,2,1.5\n2,3,5,2.5\n3,8,1,3\n4,1,9,4.5\n5,5,7,5\n6,0,3,6.5\n7,2,8,7\n8,9,4,8\n9,7,6,9.5\n";
        let table = read_bytes("t", text.as_bytes(), &ImportOptions::default(), &no_tick).expect("a plain table");
        let roles = Roles::new(3);
        let design = Arc::new(Design::new(&table, &roles).expect("a plain design"));
        let grid = Grid::Explicit(vec![1.0, 0.1]);
        let folds = FoldRule::Random { folds: 3, seed: 0 };
        let settings = Settings { folds, lasso_grid: grid.clone(), ridge_grid: grid, ..Settings::default() };
        let analysis = analyze(&design, &settings, &Progress::default()).expect("a plain analysis");
        (table, roles, analysis)
    })
}

/// The files of an analysis.
fn check_exports(input: &mut Input<'_>) {
    let (table, roles, analysis) = analysis();
    let mut analysis = analysis.clone();
    let mut design = (*analysis.design).clone();
    let names = names(input, design.features.len());
    for (feature, name) in design.features.iter_mut().zip(&names) {
        feature.name.clone_from(name);
    }
    analysis.design = Arc::new(design);
    let errors = analysis.lasso.cross_validation.as_mut().expect("a whole analysis");
    for value in errors.mean.iter_mut().chain(&mut errors.se).chain(&mut errors.fold_errors) {
        *value = input.double();
    }
    let errors = errors.clone();
    let results = Results::new((table, roles), &analysis, At::Min).expect("a whole analysis");
    check_coefficients(&results, &names);
    let mut written = errors.mean.iter().chain(&errors.se).chain(&errors.fold_errors);
    let rendered = File::CrossValidation.render(&results);
    if written.any(|v| !v.is_finite()) {
        assert!(rendered.is_err(), "a number that is none was written");
        return;
    }
    let text = rendered.expect("finite numbers can be written");
    let n_alphas = errors.mean.len();
    for options in [ImportOptions::default(), fixed([])] {
        let read_back = read(&text, &options).expect("the loader reads what the program writes");
        let mut columns: BTreeMap<String, Vec<f64>> = (0..errors.fold_errors.nrows())
            .map(|m| (format!("fold_{m}"), errors.fold_errors.row(m).to_vec()))
            .collect();
        columns.insert("mean".to_owned(), errors.mean.to_vec());
        columns.insert("se".to_owned(), errors.se.to_vec());
        for (name, values) in columns {
            // There is one zero in the files.
            let values: Vec<f64> = values.iter().map(|v| v + 0.0).collect();
            assert_eq!(bits(&numbers(&read_back, &name)[..n_alphas]), bits(&values), "{name}");
        }
    }
}

fn check_coefficients(results: &Results<'_>, names: &[String]) {
    const TRIGGERS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];
    let text = File::Coefficients.render(results).expect("finite numbers can be written");
    let choice = |name: &str, choice| (name.to_owned(), choice);
    let options = fixed([choice("feature", TypeChoice::Category), choice("coefficient", TypeChoice::Number)]);
    let read_back = read(&text, &options).expect("the loader reads what the program writes");
    let features = &read_back.columns[read_back.column_index("feature").expect("the column is there")];
    assert_eq!(read_back.n_records, 2 * (names.len() + 1));
    let chosen = results.chosen();
    for (penalty, fits, cursor) in
        [(0, &results.analysis.lasso, chosen.lasso), (1, &results.analysis.ridge, chosen.ridge)]
    {
        let point = cursor.point(&fits.path);
        let first = penalty * (names.len() + 1);
        let mut expected = vec![point.intercept()];
        expected.extend((0..names.len()).map(|j| point.coefficient(j) + 0.0));
        let found = &numbers(&read_back, "coefficient")[first..=first + names.len()];
        assert_eq!(bits(found), bits(&expected));
        for (j, name) in names.iter().enumerate() {
            let written = features.cell(first + 1 + j).expect("names are not blank");
            assert!(!written.starts_with(TRIGGERS), "{written:?} would run");
            let original = if name.starts_with(TRIGGERS) { written.trim_start_matches('\'') } else { written.as_str() };
            assert_eq!(original, name);
        }
    }
    // By the loader's guess alone, numbers are the same or the file is refused.
    if let Ok(guessed) = read(&text, &ImportOptions::default())
        && guessed.column_index("coefficient").is_some()
        && guessed.n_records == read_back.n_records
    {
        assert_eq!(bits(numbers(&guessed, "coefficient")), bits(numbers(&read_back, "coefficient")));
    }
}
