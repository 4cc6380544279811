//! Cases of places and files.
