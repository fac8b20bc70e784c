"""Docstrings say shapes; no file knows whose machine it was made on."""

import pytest

from house import wording
from house.tree import ROOT, Source, is_text, library, none_of, project_files, read_text


def module(text: str, name: str = "losses") -> Source:
    return Source(f"vgan_lessons.{name}", text)


def test_every_function_of_tensors_states_a_shape():
    none_of(wording.shapeless(library()))


def test_a_random_source_is_called_rng():
    none_of(wording.misnamed_random_sources(library()))


def test_no_file_knows_whose_machine_it_was_made_on():
    files = [file for file in project_files() if is_text(file)]
    assert len(files) > 20
    texts = {str(file.relative_to(ROOT)): read_text(file) for file in files}
    none_of([c for name, text in texts.items() for c in wording.machine_paths(name, text)])


@pytest.mark.parametrize(
    "says, fine",
    [
        ("logits: (B,) or (B, ...).", True),
        ("frames: (B * T, C, H, W).", True),
        ("values: any shape.", True),
        ("logits: the scores, real ones.", False),
        ("logits: scores (higher is better).", False),
    ],
)
def test_a_tensor_without_a_shape_is_seen(says, fine):
    text = f'def f(x: Tensor | None, n: int):\n    """Do.\n\n    Args:\n        {says}\n    """'
    assert (not wording.shapeless([module(text)])) == fine


def test_a_function_inside_a_function_needs_no_shape():
    inner = "    def g(x: Tensor): ..."
    assert not wording.shapeless([module(f'def f(n: int):\n    """Count."""\n{inner}')])


def test_a_method_may_leave_the_shape_to_its_class():
    method = "    def forward(self, videos: torch.Tensor): ..."
    stated, silent = (
        f'class D:\n    """Videos{says}."""\n{method}' for says in (" (B, T, C, H, W)", "")
    )
    assert not wording.shapeless([module(stated)])
    assert len(wording.shapeless([module(silent)])) == 1


@pytest.mark.parametrize(
    "line",
    [
        "def f(generator: torch.Generator | None = None): ...",
        "generator = torch.Generator().manual_seed(0)",
        "g = new_rng(0)",
        "self.generator = new_rng(0)",
    ],
)
def test_a_random_source_with_another_name_is_seen(line):
    assert len(wording.misnamed_random_sources([module(line)])) == 1


def test_a_network_may_be_called_generator():
    text = "def f(generator: FrameGenerator, rng: torch.Generator): ...\n"
    text += (
        "self.rng = new_rng(1)\nd_rng = torch.Generator()\nx = torch.randn(2, generator=rng)"
    )
    assert not wording.misnamed_random_sources([module(text)])


@pytest.mark.parametrize("place", ["work/main", "tmp/x.log", "root/.cache", "home/ada/course"])
def test_a_folder_of_one_machine_is_seen(place):
    assert len(wording.machine_paths("a.md", f"see /{place}")) == 1
    assert not wording.machine_paths("a.md", f"see https://example.org/{place} or ./{place}")
