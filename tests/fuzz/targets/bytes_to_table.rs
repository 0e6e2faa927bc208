//! Any bytes: read soundly or refused, and the same however they are cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shrinkscope::data::options::ImportOptions;
use shrinkscope_fuzz::{any_cut, check_cut, check_streamed, init, is_drawn, read};

fuzz_target!(init: init(), |bytes: &[u8]| {
    let options = ImportOptions::default();
    let load = read(bytes, &options);
    if is_drawn(bytes, 64) {
        check_streamed(bytes, &options, &load, any_cut(bytes));
    } else {
        check_cut(bytes, &options, &load, any_cut(bytes));
    }
});
