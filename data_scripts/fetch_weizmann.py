"""Download the 72 clips of the Weizmann actions, as `vgan-lessons data fetch weizmann` does."""

import sys

from vgan_lessons.cli import main

if __name__ == "__main__":
    sys.exit(main(["data", "fetch", "weizmann", *sys.argv[1:]]))
