"""Where a video's change over time comes from: noise turned into a path, frame by frame."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

State = tuple[Tensor, Tensor]


class MotionLSTM(nn.Module):
    """Map per-frame noise to a motion path in latent space, one step per frame.

    The LSTM sees only noise up to frame t when it emits frame t, so a path can be extended
    by feeding more noise: the number of frames is the caller's, never the module's. The
    first frame's noise also chooses the state the path starts from. With the same noise at
    every frame the path is one smooth law of motion; with fresh noise it wanders.

    Args:
        noise_dim: size of the noise drawn for each frame.
        hidden_dim: size of the LSTM's state.
        motion_dim: size of each emitted z_motion.

    Lesson 07. Tulyakov et al. 2018, MoCoGAN, arXiv:1707.04993, section 3; the paper uses a
    GRU that starts from a random state, the course an LSTM that starts from its noise.
    """

    def __init__(
        self, *, noise_dim: int = 16, hidden_dim: int = 64, motion_dim: int = 16
    ) -> None:
        super().__init__()
        self.noise_dim = noise_dim
        self.lstm = nn.LSTM(noise_dim, hidden_dim, batch_first=True)
        self.start_h = nn.Linear(noise_dim, hidden_dim)
        self.start_c = nn.Linear(noise_dim, hidden_dim)
        self.project = nn.Linear(hidden_dim, motion_dim)
        _open_forget_gate(self.lstm)

    def initial_state(self, first_noise: Tensor) -> State:
        """Choose where a path starts.

        Args:
            first_noise: (B, noise_dim), the noise of the first frame.

        Returns:
            (h, c), each (1, B, hidden_dim); h in (-1, 1) as an LSTM's own h would be.
        """
        h = torch.tanh(self.start_h(first_noise))
        return h.unsqueeze(0), self.start_c(first_noise).unsqueeze(0)

    def forward(self, noise: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Run the path forward.

        Args:
            noise: standard normal, (B, T, noise_dim).
            state: (h, c) returned by an earlier call, to continue its path; None starts one.

        Returns:
            z_motion: (B, T, motion_dim), any real values.
            state: (h, c), each (1, B, hidden_dim), to continue from.

        Raises:
            ValueError: if noise is not (B, T, noise_dim).
        """
        _require_noise(noise, self.noise_dim)
        hidden, state = self.lstm(noise, state or self.initial_state(noise[:, 0]))
        return self.project(hidden), state


def carry_state(
    motion: MotionLSTM, noise: Tensor, n_each: int, state: State | None = None
) -> Iterator[tuple[Tensor, State]]:
    """Walk a path piece by piece: a film of any length in the memory of a short one.

    Args:
        motion: takes noise and a state, and returns codes and the next state.
        noise: (B, T, noise_dim), of the whole path.
        n_each: frames of a piece; the last one may be shorter.
        state: (h, c) to go on from; None starts a path.

    Yields:
        z_motion of each piece, (B, n_each, motion_dim), and the state after it: end to end
        the pieces are the path of one pass. A piece is walked when it is asked for.

    Raises:
        ValueError: if n_each is below 1.

    Lesson 11.
    """
    if n_each < 1:
        raise ValueError(f"n_each must be at least 1, got {n_each}")
    for start in range(0, noise.shape[1], n_each):
        z_motion, state = motion(noise[:, start : start + n_each], state)
        yield z_motion, state


class IndependentMotion(nn.Module):
    """Motion without memory: each frame's code is made from that frame's noise alone.

    The baseline an LSTM has to beat. A network per frame is as large as the LSTM's path
    allows, yet nothing tells frame t where frame t - 1 was.

    Args:
        noise_dim: size of the noise drawn for each frame.
        hidden_dim: width of the network.
        motion_dim: size of each emitted z_motion.

    Used in lesson 08.
    """

    def __init__(
        self, *, noise_dim: int = 16, hidden_dim: int = 64, motion_dim: int = 16
    ) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(noise_dim, hidden_dim),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden_dim, motion_dim),
        )

    def forward(self, noise: Tensor) -> tuple[Tensor, None]:
        """Map each frame's noise to its code.

        Args:
            noise: standard normal, (B, T, noise_dim).

        Returns:
            z_motion: (B, T, motion_dim).
            state: None, there is nothing to remember.
        """
        return self.net(noise), None


def join_content_and_motion(z_content: Tensor, z_motion: Tensor) -> Tensor:
    """Repeat one content code over time and put it beside each motion code.

    Args:
        z_content: (B, content_dim), one draw per video: who or what is in it.
        z_motion: (B, T, motion_dim), one code per frame: what it is doing.

    Returns:
        (B, T, content_dim + motion_dim), content first.

    Example:
        >>> join_content_and_motion(torch.zeros(2, 3), torch.ones(2, 5, 4)).shape
        torch.Size([2, 5, 7])

    Lesson 08.
    """
    n_frames = z_motion.shape[1]
    content_per_frame = z_content.unsqueeze(1).expand(-1, n_frames, -1)  # (B, T, content_dim)
    return torch.cat([content_per_frame, z_motion], dim=-1)


def _open_forget_gate(lstm: nn.LSTM) -> None:
    """Raise its bias by 1, so that the memory lasts from the start; the order is i, f, g, o."""
    with torch.no_grad():
        lstm.bias_ih_l0[lstm.hidden_size : 2 * lstm.hidden_size] += 1.0


def _require_noise(noise: Tensor, noise_dim: int) -> None:
    if noise.ndim != 3 or noise.shape[-1] != noise_dim:
        raise ValueError(f"noise must be (B, T, {noise_dim}), got {tuple(noise.shape)}")
