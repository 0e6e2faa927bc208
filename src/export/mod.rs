//! The files a person leaves with, written atomically.
