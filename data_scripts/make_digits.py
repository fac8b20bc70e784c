"""Draw bouncing digits into film strips, as `vgan-lessons data make digits` does."""

import sys

from vgan_lessons.cli import main

if __name__ == "__main__":
    sys.exit(main(["data", "make", "digits", *sys.argv[1:]]))
