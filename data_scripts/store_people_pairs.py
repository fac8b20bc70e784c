"""Put the measured pairs of person and action of a report where lesson 11 reads them.

    python data_scripts/store_people_pairs.py

`measure_people.py` measured them; the report keeps its table, with machine, seed and steps.
"""

import re
import sys
from pathlib import Path

from vgan_lessons import storage

REPORT = Path("benchmarks/reports/people.md")
STORED = Path("vgan_lessons/evaluation/recordings/people_pairs.json")
_ROW = re.compile(r"^\| \*{0,2}([^|*]+?)\*{0,2} \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$")


def pairs(report: str) -> dict[str, dict[str, list[float]]]:
    """The rows of the table below "read as the right ...".

    Args:
        report: Markdown.

    Returns:
        Row -> action, person, both, each a list: two numbers where a row has two pairs.
    """
    table = report.split("| read as the right ... |", 1)[1].split("\n\n", 1)[0]
    rows = {}
    for line in table.splitlines()[2:]:
        name, *columns = _ROW.match(line.replace("**", "")).groups()
        numbers = [[float(x) for x in re.findall(r"[\d.]+", column)] for column in columns]
        rows[name.strip()] = dict(zip(("action", "person", "both"), numbers, strict=True))
    return rows


def main() -> int:
    """Write the file.

    Returns:
        0.
    """
    found = {
        "from": f"{REPORT}: one run, seed 0, 2,600 steps, four of 36 films held out, n = 1024",
        "pairs": pairs(REPORT.read_text(encoding="utf-8")),
    }
    storage.write_json(STORED, found)
    for name, row in found["pairs"].items():
        print(name, row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
