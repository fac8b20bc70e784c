"""Global random states and torch's switches: watched while an answer runs, put back after."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch


@contextmanager
def session_untouched() -> Iterator[None]:
    """Put global random states and torch's settings back as the learner had them."""
    states = torch.default_generator.get_state(), np.random.get_state(), random.getstate()
    on_gpu = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    settings, threads = global_settings(), torch.get_num_threads()
    torch.set_num_threads(1)  # on a busy machine, threads make small tensors slow
    try:
        yield
    finally:
        torch.default_generator.set_state(states[0])
        np.random.set_state(states[1])
        random.setstate(states[2])
        if on_gpu is not None:
            torch.cuda.set_rng_state_all(on_gpu)
        restore_settings(settings)
        torch.set_num_threads(threads)


def seed_everything(seed: int) -> dict[str, int]:
    """Seed torch's CPU source, numpy and random, and say where that leaves them."""
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)
    return random_states()


def random_states() -> dict[str, int]:
    """A fingerprint of each global random source."""
    numpy_state = np.random.get_state()
    return {
        "torch": hash(torch.default_generator.get_state().numpy().tobytes()),
        "numpy": hash((numpy_state[1].tobytes(), numpy_state[2:])),
        "random": hash(random.getstate()),
    }


def global_settings() -> tuple[torch.dtype, bool]:
    """The switches of torch that a careless answer leaves turned."""
    return torch.get_default_dtype(), torch.is_grad_enabled()


def restore_settings(settings: tuple[torch.dtype, bool]) -> None:
    """Undo what happened since `global_settings`."""
    torch.set_default_dtype(settings[0])
    torch.set_grad_enabled(settings[1])
