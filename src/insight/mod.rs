//! What an analysis tells beyond its numbers.
