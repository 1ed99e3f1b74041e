"""Policy documents: YAML, JSON and mappings as checked terms, every mistake at once."""
