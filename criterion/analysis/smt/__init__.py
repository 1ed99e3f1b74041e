"""Translation to SMT: the fourth reading of expressions. Only what is in here imports z3."""
