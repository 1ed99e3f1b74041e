"""Documents: decisions, profiles, cases and releases as files that people write."""
