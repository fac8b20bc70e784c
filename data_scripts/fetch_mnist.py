"""Download MNIST's 10,000 test digits, as `vgan-lessons data fetch mnist` does."""

import sys

from vgan_lessons.cli import main

if __name__ == "__main__":
    sys.exit(main(["data", "fetch", "mnist", *sys.argv[1:]]))
