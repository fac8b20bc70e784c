"""Put a finished run's averaged generator into the package, with a card that says all of it.

python data_scripts/ship_checkpoint.py runs/shapes-lstm shapes --machine "2 CPU cores"
"""

import argparse
import json
import sys
from pathlib import Path

from vgan_lessons.runs import RunError, read_config, read_log, ship


def main() -> int:
    """Read the run, check that it is finished and measured, and ship it.

    Returns:
        0, or 1 with a sentence on stderr.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="a run folder that trained to its end")
    parser.add_argument("name", help="what `load_shipped` will call it")
    parser.add_argument("--machine", required=True, help="what it was trained on, in words")
    args = parser.parse_args()
    try:
        facts = _facts(args.run, args.machine)
        path = ship(args.run, args.name, facts)
    except (RunError, OSError) as error:
        print(f"ship_checkpoint: {error}", file=sys.stderr)
        return 1
    print(f"{path}: {path.stat().st_size} bytes, {facts['minutes']} minutes of training")
    return 0


def _facts(run: Path, machine: str) -> dict[str, object]:
    config, rows = read_config(run), read_log(run)
    if not rows or rows[-1]["step"] < config.train.n_steps:
        raise RunError(f"{run} has not trained to its end")
    card = run / "metrics.json"
    if not card.exists():
        raise RunError(f"{card} is missing: run `vgan-lessons evaluate {run}` first")
    clips = config.train.batch_size
    before = [0.0, *(row["step"] for row in rows[:-1])]
    seconds = sum(
        (row["step"] - step) * clips / row["clips_per_second"]
        for row, step in zip(rows, before, strict=True)
    )
    return {
        "seed": config.train.seed,
        "steps": config.train.n_steps,
        "minutes": round(seconds / 60, 1),
        "machine": machine,
        "metrics": json.loads(card.read_text(encoding="utf-8")),
    }


if __name__ == "__main__":
    sys.exit(main())
