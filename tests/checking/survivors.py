"""Syntax slips that change nothing a statement demands, with the reason for each.

By exercise: the slip as `mutants` describes it -> why a right answer may look like that.
"""

_EVEN = "only the square or the absolute value of the difference is used"
_REFUSAL = "the statement does not ask for the error that other pixels raise"
_PAIRED = "_require_pairs(real_logits, fake_logits) -> _require_pairs(fake_logits, real_logits)"
_SYMMETRIC = "equal shapes are equal both ways round"
_CLEARED = "a network clears its gradients as well as its optimiser does"
_ONE_BUILD = "both networks have one build, so their lists of buffers are equally long"
_DIVIDES = "the statement gives only group sizes that divide the batch"
_TURNED = "the negative of a network is a network of the same kind"
_OPTION = "an option of later lessons, which this statement does not ask for"
_SHIFTED = "the first layer may see the pixels on any scale"
_CUT = "what is larger is cut off"
_LAST = "of two axes the last is the second"
_START = "how a path begins is left open"
_SIGNS = "what is 1 or -1 divides as it multiplies"
_ORDER = "the same is done with both, in any order"
_HERE = "a random source of the CPU draws for the CPU: no other is at hand in a check"
_ONE_D = "what fits has one d"
_PAST = "autograd stops at the weights, whether they have a past or not"
_HALF = "only half precision, which the statement does not ask for, needs it"

_SIDES = "a picture has two sides, and so has a kernel"
_ALIKE = "reals and fakes are equally many, and cut into equally many parts"
_PLACE = (
    "how the tensors of a chain are numbered is left open, as long as no two share a number"
)

SURVIVORS: dict[str, dict[str, str]] = {
    "from_uint8": {
        "raise TypeError(f'stored pixels must be uint8, got {stored.dtype}') -> pass": _REFUSAL,
        "TypeError(f'stored pixels must be uint8, got {stored.dtype}')"
        " -> f'stored pixels must be uint8, got {stored.dtype}'": _REFUSAL,
        "stored.float() -> stored": "dividing bytes by a float makes floats by itself",
    },
    "value_by_batch_size": {
        "(F.logsigmoid(real_logits), F.logsigmoid(-fake_logits))"
        " -> (F.logsigmoid(-fake_logits), F.logsigmoid(real_logits))": "both enter as a sum",
        "1 -> -1": _LAST,
    },
    "share_in_order": {
        "real -> fake": "both sides have as many numbers a frame, of one dtype and device",
        "(b + step_size * slope_b).detach() -> b + step_size * slope_b": _PAST,
        "(w + step_size * slope_w).detach() -> w + step_size * slope_w": _PAST,
        "1 -> -1": _LAST,
    },
    "fit_line_d": {
        "real -> fake": "real.new_zeros and fake.new_zeros are of one dtype and device"
    },
    "js_vs_w1": {"p - q -> q - p": _EVEN},
    "implied_gradient": {"x - theta -> theta - x": _EVEN},
    "least_squares_d_loss": {"real_logits - 1 -> 1 - real_logits": _EVEN},
    "least_squares_g_loss": {"fake_logits - 1 -> 1 - fake_logits": _EVEN},
    "lsgan_value": {
        "p - q -> q - p": _EVEN,
    },
    "hinge_value": {
        "F.relu(1 - best_d) -> 1 - best_d": "the best D is -1, 0 or 1: nothing to cut off",
        "F.relu(1 + best_d) -> 1 + best_d": "the best D is -1, 0 or 1: nothing to cut off",
    },
    "objective_table": {
        "(real, fake) -> (fake, real)": "a share of all scores does not ask in which order",
        "d_loss.detach() -> d_loss": "no gradient is asked for",
        "g_loss.detach() -> g_loss": "no gradient is asked for",
    },
    "relativistic_d_loss": {_PAIRED: _SYMMETRIC},
    "relativistic_g_loss": {_PAIRED: _SYMMETRIC},
    "gradient_penalty": {
        "_require_one_mix_a_sample(real, fake, mix)"
        " -> _require_one_mix_a_sample(fake, real, mix)": _SYMMETRIC,
        "real -> fake": "where their axes are counted, both have the same shape",
        "steepness - 1 -> 1 - steepness": _EVEN,
    },
    "lazy_penalty": {"return torch.zeros(()) -> return -torch.zeros(())": "minus 0 is 0"},
    "stability_map": {
        "1e-30 -> -1e-30": "so near to rest a round is linear: both starts move as far",
        "return torch.stack(step(field, place[0], place[1], h))"
        " -> return -torch.stack(step(field, place[0], place[1], h))": "a round and "
        "its negative have the same moduli and the same distances near rest",
    },
    "d_step": {"d_optim -> discriminator": _CLEARED},
    "g_step": {"g_optim -> generator": _CLEARED},
    "mode_coverage": {
        "1 -> -1": _LAST,
        "points[:, None] - centres -> centres - points[:, None]": _EVEN,
    },
    "ema_update": {
        "zip(average.buffers(), model.buffers(), strict=True)"
        " -> zip(average.buffers(), model.buffers())": _ONE_BUILD,
        "True -> False": _ONE_BUILD,
    },
    "minibatch_std": {
        "_require_even_groups(B, group_size) -> B": _DIVIDES,
        "1 -> -1": "view finds that the axis has one entry",
    },
    "repair_the_article": {
        "d_optim -> discriminator": _CLEARED,
        "g_optim -> generator": _CLEARED,
    },
    "repair_the_players": {
        "1 -> -1": _LAST,
        "nn.Sequential(nn.Linear(latent_dim, width), nn.ReLU(), nn.Linear(width, n_pixels), "
        "nn.Tanh(), nn.Unflatten(1, clip_shape)) -> nn.Sequential(nn.ReLU(), "
        "nn.Linear(latent_dim, width), nn.Linear(width, n_pixels), nn.Tanh(), "
        "nn.Unflatten(1, clip_shape))": "an activation on the code itself bends G, too",
    },
    "FrameGenerator": {
        "return self.layers(z) -> return -self.layers(z)": _TURNED,
        "24 -> 25": "how wide it is by default shows nowhere",
        "check_image_size(image_size) -> image_size": "the statement gives only sizes that fit",
        "8 -> 9": "a ninth is rounded down to a width of the same number of doublings",
        "1 -> -1": "unflatten finds that there are two axes",
    },
    "raising_convolution": {
        "_started_small(nn.ConvTranspose2d(in_channels, out_channels, 4, stride=2, padding=1))"
        " -> nn.ConvTranspose2d(in_channels, out_channels, 4, stride=2, padding=1)": "the "
        "statement does not ask how small the first weights are",
    },
    "FrameDiscriminator": {
        "return self.trunk(frames - self.black)"
        " -> return -self.trunk(frames - self.black)": _TURNED,
        "24 -> 25": "how wide it is by default shows nowhere",
        "DiscriminatorTrunk(channels, base_channels, image_size, pooled=pooled)"
        " -> DiscriminatorTrunk(channels, base_channels, image_size)": _OPTION,
        "False -> True": _OPTION,
        **dict.fromkeys(("1.0 -> -1.0", "1.0 -> 2.0", "1.0 -> 0.0", "-1.0 -> 1.0"), _OPTION),
        "0.0 -> 1.0": _SHIFTED,
        "frames - self.black -> self.black - frames": _SHIFTED,
        "frames - self.black -> frames + self.black": _SHIFTED,
        "frames - self.black -> frames": _SHIFTED,
    },
    "article_frames": {
        "nn.ConvTranspose2d(width, 3, 4, stride=2, padding=1)"
        " -> nn.ConvTranspose2d(width, 3, 4, stride=2)": _CUT,
        "nn.ConvTranspose2d(2 * n_out, n_out, 4, stride=2, padding=1)"
        " -> nn.ConvTranspose2d(2 * n_out, n_out, 4, stride=2)": _CUT,
        "4 -> 5": _CUT,
        "1 -> -1": "unflatten finds that there are two axes",
    },
    "two_judges": {"1 -> -1": "of two axes the last is the second"},
    "motion_energy": {"1 -> -1": "of two axes the last is the second"},
    "ClipDiscriminator": {
        "return self.trunk(layout.stack_frames_as_channels(clips))"
        " -> return -self.trunk(layout.stack_frames_as_channels(clips))": _TURNED,
        "48 -> 49": "how wide it is by default shows nowhere",
    },
    "walk_in_latent_space": {"start -> end": "both ends have one dtype and one device"},
    "lstm_cell": {"1 -> -1": _LAST},
    "half_life": {"2 -> -2": "of four blocks, two from the end are two from the start"},
    "motion_path": {
        "torch.tanh(self.start_h(first_noise)) -> self.start_h(first_noise)": _START,
        "torch.tanh(self.start_h(first_noise))"
        " -> torch.sigmoid(self.start_h(first_noise))": _START,
        "(h.unsqueeze(0), self.start_c(first_noise).unsqueeze(0))"
        " -> (self.start_c(first_noise).unsqueeze(0), h.unsqueeze(0))": _START,
        "_open_forget_gate(self.lstm) -> self.lstm": _START,
        "_require_noise(noise, self.noise_dim) -> noise": "only noise of its size comes in",
        "64 -> 65": "how wide it is by default shows nowhere",
    },
    "sample_latents": {
        "torch.randn(n, n_draws, noise_dim, generator=rng, device=rng.device)"
        " -> torch.randn(n, n_draws, noise_dim, generator=rng)": _HERE,
    },
    "VideoGenerator": {
        "torch.arange(len(frame_index), device=frame_index.device)"
        " -> torch.arange(len(frame_index))": _HERE,
    },
    "windows": {
        "torch.arange(config.window_frames, device=rng.device)"
        " -> torch.arange(config.window_frames)": _HERE,
        "torch.rand(n_clips, config.window_frames, **draw).argsort(dim=1)"
        " -> torch.rand(n_clips, config.window_frames, **draw).argsort()": _LAST,
    },
    "video_gan_round": {
        "full_precision(painted) -> painted": _HALF,
        "autocast(gan.device) -> gan.device": _HALF,
        "(clips, frames) -> (frames, clips)": _ORDER,
    },
    "train_video": {
        "gan.told(labels, config.single_frames) -> labels": _OPTION,
        "gan.told(labels, config.single_frames)"
        " -> gan.told(config.single_frames, labels)": _OPTION,
        "gan.generator.draw_latents(n_clips, config.n_frames, gan.rng, **told)"
        " -> gan.generator.draw_latents(n_clips, config.n_frames, gan.rng)": _OPTION,
        "((gan.g_optim, config.g_lr), (gan.d_optim, config.d_lr))"
        " -> ((gan.d_optim, config.d_lr), (gan.g_optim, config.g_lr))": _ORDER,
    },
    "frechet_distance": {
        "mean_1 - mean_2 -> mean_2 - mean_1": _EVEN,
        "mean_1 -> mean_2": _ONE_D,
        "mean_1 -> cov_1": _ONE_D,
        "mean_1 -> cov_2": _ONE_D,
        "((mean_1 - mean_2).square().sum() + spread).clamp(min=0)"
        " -> (mean_1 - mean_2).square().sum() + spread": "rounding alone leaves less than 0",
    },
    "frechet_bias": {"variances -> distances": "both have one dtype and one device"},
    "squared_mmd": {
        "kernel(real_features, fake_features) -> kernel(fake_features, real_features)": (
            "the statement gives symmetric kernels only"
        ),
    },
    "neighbour_votes": {
        "1 -> -1": _LAST,
        "in_real_ball.sum(0).double() -> in_real_ball.sum(0)": "divided by k it is a float",
    },
    "amp_step": {
        "d_optim -> discriminator": _CLEARED,
        "norm.item() -> norm": "a tensor of one number multiplies as a number does",
    },
    "accumulate": {
        "zip(real.tensor_split(k), fake.tensor_split(k), strict=True)"
        " -> zip(real.tensor_split(k), fake.tensor_split(k))": _ALIKE,
        "True -> False": _ALIKE,
        "real -> fake": _ALIKE,
    },
    "average_gradients": {
        "zip(gradients, flat.split(sizes), strict=True)"
        " -> zip(gradients, flat.split(sizes))": "each gradient has its piece",
        "True -> False": "each gradient has its piece",
    },
    "activation_bytes": {
        "tuple(shape) -> shape": "a shape comes as a tuple",
        "0 -> 1": _PLACE,
        "1 -> 2": _PLACE,
        "1 -> -1": _PLACE,
        "zip(shape[2:], layer.kernel_size, layer.stride, layer.padding, strict=True)"
        " -> zip(shape[2:], layer.kernel_size, layer.stride, layer.padding)": _SIDES,
        "True -> False": _SIDES,
        "-1 -> 1": "a Linear is given (B, n)",
        "2 -> -2": "of four axes the third is the last but one",
    },
    "diff_augment": {
        "raise ValueError(f'clips must be (B, T, C, H, W), got {tuple(clips.shape)}')"
        " -> pass": ("four axes are no five names: unpacking them is a ValueError by itself"),
        "tuple(clips.shape) -> clips.shape": "a message may show a size as torch writes it",
        "torch.rand(10, B, generator=rng, device=rng.device)"
        " -> torch.rand(10, B, generator=rng)": _HERE,
        "min(H, W) -> min(W, H)": _SYMMETRIC,
        "part.long() -> part": "a rounded number of rows is a whole one in any type",
    },
    "augmented_round": {
        "d_optim -> discriminator": _CLEARED,
        "g_optim -> generator": _CLEARED,
    },
    "is_invertible": {
        "bool(least > _NEAR_0) -> least > _NEAR_0": "a tensor of one truth value is as true",
    },
    "ada_update": {
        "max(0.0, probability + step) -> max(probability + step, 0.0)": _ORDER,
        "min(1.0, max(0.0, probability + step)) -> min(max(0.0, probability + step), 1.0)": (
            _ORDER
        ),
        "500000 -> 500001": "nobody sees one clip in half a million",
        "500000 -> -500000": "the gap alone gives the step its sign",
    },
    "data_sweep": {
        "float(statistics.median(side.values())) -> statistics.median(side.values())": (
            "a median of floats is a float"
        ),
        "sorted(plain.keys() & augmented) -> plain.keys() & augmented": (
            "a mean and a spread do not mind the order"
        ),
    },
    "projection_logit": {"1 -> -1": _LAST},
    "carry_state": {"1 -> 0": "`range` refuses a step of 0 by itself, as ValueError"},
    "repetition": {
        "path.double() - path.double().mean(0) -> path.double().mean(0) - path.double()": _EVEN,
        "path.double() -> path": "float32 is exact enough for these paths",
        "(x[:-lag].flatten(), x[lag:].flatten())"
        " -> (x[lag:].flatten(), x[:-lag].flatten())": _EVEN,
        "middle[peak].clamp(min=0).max().item() -> middle[peak].clamp(min=0).max()": (
            "a scalar is a number here"
        ),
        "F.cosine_similarity(early, late, dim=0)"
        " -> F.cosine_similarity(late, early, dim=0)": _EVEN,
    },
    "prediction_step": {
        "g_optim -> generator": "the optimiser holds all of G's weights",
        "made - future -> future - made": _EVEN,
    },
    "beats_copy": {
        "see(still) - wanted -> wanted - see(still)": _EVEN,
        "seen - wanted[:, None] -> wanted[:, None] - seen": _EVEN,
        "1 -> -1": _LAST,
    },
    "posterior_mean": {"1 -> -1": _LAST},
    "pareto": {"1 -> -1": _LAST},
    "validate_report": {
        "1 -> -1": "of two days, the last is the second",
        "('lower', 'higher') -> ('higher', 'lower')": _ORDER,
        "isinstance(seeds, list) -> seeds": "seeds are a list, or are not there",
        "set(seeds) -> seeds": "a seed that comes twice is found beside it",
    },
    "ProvenanceMark": {
        "signed[:, owners] * signs -> signed[:, owners] / signs": _SIGNS,
        "odd_ones_out.clamp(-0.1, 0.1) * signs"
        " -> odd_ones_out.clamp(-0.1, 0.1) / signs": _SIGNS,
        "self.strength * pattern[:, :, None] -> self.strength / pattern[:, :, None]": _SIGNS,
        "2 * torch.randint(2, shape, generator=rng) - 1"
        " -> 1 - 2 * torch.randint(2, shape, generator=rng)": "it is another key's",
        "(sums.index_add(1, owners.flatten(), votes) > 0).long()"
        " -> sums.index_add(1, owners.flatten(), votes) > 0": "booleans are bits, too",
        "videos.mean(2) -> videos.sum(2)": "how far a vote may go is a choice",
        "0.1 -> 0.0": "half of the votes suffice here",
        "-2 -> 2": "of four axes, two from the end are two from the start",
    },
}
