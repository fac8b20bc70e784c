"""Draw the moving clips and the film strip of the README from the shipped generators.

python data_scripts/draw_readme_clips.py [--out FOLDER]

The first samples of seed 0, none chosen.
"""

import argparse
from pathlib import Path

import torch

from vgan_lessons import runtime
from vgan_lessons.display.files import save_clip, save_film_strip
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import load_shipped

DOCS = Path(__file__).parents[1] / "docs"
STRIP_ROWS = {"shapes": 4, "weizmann": 5}  # generator -> rows of the strip
N_FRAMES = 48  # three times as many as in training


def main() -> None:
    """Write clips.webp and film_strip.png."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=DOCS, help="folder to write into")
    out = parser.parse_args().out
    clips = [
        generate(load_shipped(name), 8, n_frames=N_FRAMES, rng=runtime.new_rng(0))
        for name in STRIP_ROWS
    ]
    save_clip(out / "clips.webp", torch.cat(clips), columns=8, scale=3)
    rows = [made[:n, :16] for made, n in zip(clips, STRIP_ROWS.values(), strict=True)]
    save_film_strip(out / "film_strip.png", torch.cat(rows))


if __name__ == "__main__":
    main()
