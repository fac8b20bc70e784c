"""Draw moving shapes into film strips, as `vgan-lessons data make shapes` does."""

import sys

from vgan_lessons.cli import main

if __name__ == "__main__":
    sys.exit(main(["data", "make", "shapes", *sys.argv[1:]]))
