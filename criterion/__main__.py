"""``python -m criterion``: the same as the command ``criterion``."""

from criterion.cli import main

if __name__ == "__main__":
    main()
