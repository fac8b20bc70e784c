"""`python -m vgan_lessons`, the same as the `vgan-lessons` command."""

import sys

from vgan_lessons.cli import main

if __name__ == "__main__":
    sys.exit(main())
