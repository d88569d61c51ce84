"""The parts of a leaf: canonical JSON, salted disclosures, schemas. Knows no log."""
