"""Draw the moving clips and the strips of README and reports from the shipped generators.

python data_scripts/draw_readme_clips.py [--out FOLDER]

The first samples of seed 0, none chosen.
"""

import argparse
from pathlib import Path

import torch

from vgan_lessons import layout, runtime
from vgan_lessons.display.files import save_clip, save_film_strip
from vgan_lessons.models.generators import generate
from vgan_lessons.models.scenes import scene_parts
from vgan_lessons.runs import load_shipped

DOCS = Path(__file__).parents[1] / "docs"
STRIP_ROWS = {"shapes": 4, "weizmann": 5}  # generator -> rows of the strip
N_FRAMES = 48  # three times as many as in training


def main() -> None:
    """Write clips.webp, film_strip.png and scene_parts.png."""
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
    save_film_strip(out / "scene_parts.png", _parts(n=2))


def _parts(n: int) -> torch.Tensor:
    """(4 n, 16, 3, H, W) uint8: background, foreground, mask and clip of the first people."""
    generator = load_shipped("weizmann")
    with torch.no_grad():
        parts = scene_parts(generator, generator.draw_latents(n, 16, runtime.new_rng(0)))
    clips = parts.foreground
    still, mask = parts.background[:, None].expand_as(clips), parts.mask.expand_as(clips)
    rows = torch.stack([still, clips, 2 * mask - 1, parts.videos()], dim=1)
    return layout.to_uint8(rows.flatten(0, 1))


if __name__ == "__main__":
    main()
