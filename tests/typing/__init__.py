"""What the editors of users infer: held by a type checker, not by running it."""
