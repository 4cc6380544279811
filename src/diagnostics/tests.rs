//! Cases of the registry and the words.
