"""The viewer of lesson 06: letters hide what was done, scores are asked once a set."""

import torch

from vgan_lessons.widgets import clip_viewer


def test_each_letter_shows_a_set_its_scores_and_the_answer_in_a_fold():
    films = torch.rand(5, 4, 3, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    asked = []

    def score(shown):
        asked.append(len(shown))
        return {"mean": shown.mean().item()}

    treatments = {
        "nothing": lambda x: x,
        "dark": lambda x: x * 0 - 1,
        "bright": lambda x: x * 0 + 1,
    }
    viewer = clip_viewer(films, treatments, score)
    seen = {}
    for letter in "ABC":
        viewer.controls["letter"].value = letter
        page = viewer.picture.value
        seen[letter] = next(
            name for name in treatments if f"</summary>{name}</details>" in page
        )
        mean = {"nothing": films.mean().item(), "dark": -1, "bright": 1}[seen[letter]]
        assert f"mean {mean:.2f}"[:7] in page and "4 clips of 4 frames" in page
    assert sorted(seen.values()) == sorted(treatments)
    viewer.controls["rate"].value = 12
    assert "12 frames a second" in viewer.picture.value
    assert asked == [5, 5, 5]
