"""Train the feature network of the metric card and write its weights and card.

    python data_scripts/train_features.py [--out FOLDER] [--seed 0] [--steps 800]

Two to three minutes on one CPU thread. The network learns, from clips drawn on the spot, what
a clip shows, how it moves and *in which way it is spoiled*: without the last, its features
ignore noise and jitter. Slowing, flicker, switched identities, lost modes and playing
backwards are never shown here, so that what the metric says about them is a real test.
"""

import argparse
import hashlib
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from feature_clips import CLASSES, N_CLIPS, draw_clips
from vgan_lessons import layout, metrics, runtime, storage
from vgan_lessons.evaluation.features import CLIP_SHAPE, WEIGHTS, FeatureNetwork

SHOWN = ("shuffled", "frozen", "blurred", "noisy", "jittered")  # corruptions trained on
SHARES = {"shapes": 28, "digits": 16, "scenes": 20}  # clips of each kind in a batch
GROUP = 4  # clips spoiled alike, at one severity
HOW_MANY = torch.tensor([0.4, 0.45, 0.15])  # chances of no, one and two corruptions
NUMBERS = {
    "size": 1,
    "speed": 1,
    "colours": 6,
    "path": 2 * CLIP_SHAPE[0],
    "spoiled": len(SHOWN),
}


class Heads(nn.Module):
    """Answers read off the activated features; thrown away after training."""

    def __init__(self, feature_dim: int) -> None:
        super().__init__()
        sizes = CLASSES | NUMBERS
        self.heads = nn.ModuleDict({k: nn.Linear(feature_dim, n) for k, n in sizes.items()})

    def forward(self, features: Tensor) -> dict[str, Tensor]:
        """(B, d) features -> one (B, n) answer per head."""
        active = F.relu(features)
        return {name: head(active) for name, head in self.heads.items()}


def spoil(videos: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Spoil groups of clips, four in ten not at all, some in two ways.

    Args:
        videos: (B, T, C, H, W).
        rng: source of randomness.

    Returns:
        The spoiled videos and their severities (B, len(SHOWN)), 0 where untouched.
    """
    spoiled, severities = [], torch.zeros(len(videos), len(SHOWN))
    for row, group in enumerate(videos.split(GROUP)):
        for _ in range(int(torch.multinomial(HOW_MANY, 1, generator=rng))):
            kind = int(torch.randint(len(SHOWN), (), generator=rng))
            severity = float(torch.rand((), generator=rng))
            group = metrics.CORRUPTIONS[SHOWN[kind]](group, severity, rng)
            severities[row * GROUP : (row + 1) * GROUP, kind] = severity
        spoiled.append(group)
    return torch.cat(spoiled), severities


def batch_loss(network: nn.Module, heads: Heads, clips: dict, rng: torch.Generator) -> Tensor:
    """One batch of every kind, spoiled, and the sum of what the heads got wrong.

    Args:
        network: in training mode.
        heads: its answers.
        clips: from `draw_clips`.
        rng: source of randomness.

    Returns:
        Scalar; paths, sizes and speeds are only asked of clips that still show them.
    """
    picks = {k: torch.randint(N_CLIPS, (n,), generator=rng) for k, n in SHARES.items()}
    stored = torch.cat([clips[kind][0][pick] for kind, pick in picks.items()])
    videos, severities = spoil(layout.from_uint8(stored), rng)
    answers = heads(network(videos))
    loss = 16 * F.mse_loss(answers["spoiled"], severities.sqrt())  # slight ones count
    sound = (severities == 0).all(1).split(list(SHARES.values()))
    for kind, part, row in zip(SHARES, sound, _offsets(SHARES), strict=True):
        for name, target in clips[kind][1].items():
            answer, wanted = answers[name][row : row + len(part)], target[picks[kind]]
            if name in CLASSES:
                loss = loss + 0.5 * F.cross_entropy(answer, wanted)
            elif part.any():
                loss = loss + 0.5 * F.mse_loss(answer[part], wanted[part])
    return loss


def _offsets(sizes: dict[str, int]) -> list[int]:
    counts = list(sizes.values())
    return [sum(counts[:i]) for i in range(len(counts))]


def train(seed: int, n_steps: int) -> tuple[FeatureNetwork, float]:
    """Train for n_steps batches.

    Args:
        seed: of the weights, the clips and the batches.
        n_steps: updates.

    Returns:
        The network in evaluation mode and its mean loss over the last twentieth.
    """
    torch.manual_seed(seed)  # a script of its own: nobody else's numbers are touched
    rng = runtime.new_rng(seed)
    clips = draw_clips(seed)
    network = FeatureNetwork().to(memory_format=torch.channels_last_3d)  # a fifth faster
    heads = Heads(network.standardise.num_features)
    parameters = [*network.parameters(), *heads.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=3e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=n_steps)
    losses = []
    for _ in (bar := tqdm(range(n_steps), unit="batch")):
        loss = batch_loss(network, heads, clips, rng)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        bar.set_postfix(loss=f"{losses[-1]:.2f}")
    return network.eval(), sum(losses[-n_steps // 20 :]) / len(losses[-n_steps // 20 :])


def main() -> None:
    """Train, then write weights and card as whole files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=WEIGHTS.parent, help="folder to write into")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=800)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    began = time.process_time()
    network, loss = train(asked.seed, asked.steps)
    minutes = (time.process_time() - began) / 60
    state = {name: _stored(value) for name, value in network.state_dict().items()}
    path = asked.out / WEIGHTS.name
    with storage.whole_file(path) as draft:
        save_file(state, draft)
    card = {
        "what": "features for FVD-small: 16 RGB frames of 32x32 in [-1, 1] -> 64 numbers",
        "data": f"{N_CLIPS} clips each of shapes, digits and waving figures, drawn on the spot",
        "recipe": "AdamW 3e-3 one-cycle, batches of 64; heads for content, path and severity",
        "corruptions_shown": list(SHOWN),
        "seed": asked.seed,
        "steps": asked.steps,
        "final_loss": round(loss, 3),
        "cpu_minutes": round(minutes, 1),
        "device": "one CPU thread, float32",
        "torch": torch.__version__,
        "parameters": sum(p.numel() for p in network.parameters()),
        "stored_as": "float16",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    storage.write_json(path.with_suffix(".json"), card)


def _stored(value: Tensor) -> Tensor:
    return value.half().contiguous() if value.is_floating_point() else value


if __name__ == "__main__":
    main()
