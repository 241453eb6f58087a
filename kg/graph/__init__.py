"""The RDF graph: terms, identifiers, triples, the store, and its checks."""
