//! The command line: the same rooms without a window.
