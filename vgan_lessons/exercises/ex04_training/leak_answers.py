"""Right and wrong answers to 4.7, in full."""

import torch

from vgan_lessons.checking import Mistake


def _cut(images, border):
    _, _, H, W = images.shape
    return images[:, :, border : H - border, border : W - border]


def _nearest(kept):
    return ((kept + 1) * 127.5).round() / 127.5 - 1


def _through(value, kept):
    return kept + (value - kept).detach()


def _on_grid(kept):
    return _through(_nearest(kept), kept)


def _right(images, border):
    return _on_grid(_cut(images, border))


def _floored(images, border):
    kept = _cut(images, border)
    return _through(((kept + 1) * 127.5 + 1e-3).floor() / 127.5 - 1, kept)


def _painted_over(images, border):
    whole = torch.full_like(images, -1.0)
    _, _, H, W = images.shape
    whole[:, :, border : H - border, border : W - border] = _right(images, border)
    return whole


def _stretched(images, border):
    kept = _right(images, border)
    low, high = kept.amin((1, 2, 3), keepdim=True), kept.amax((1, 2, 3), keepdim=True)
    return 2 * (kept - low) / (high - low).clamp(min=1e-3) - 1


def _rounded_in_place(images, border):
    with torch.no_grad():
        images.copy_(_nearest(images))
    return _cut(images, border)


def _by_table(images, border):
    kept = _cut(images, border)
    table = torch.linspace(-1, 1, 256, dtype=images.dtype, device=images.device)
    return _through(table[((kept + 1) * 127.5).round().long()], kept)


def _without_its_error(images, border):
    H, W = images.shape[-2:]
    levels = (images[..., border : H - border, border : W - border] + 1) / 2 * 255
    error = levels.detach() - levels.detach().round()
    return (levels - error) / 255 * 2 - 1


class _Round(torch.autograd.Function):
    @staticmethod
    def forward(ctx, kept):
        return _nearest(kept)

    @staticmethod
    def backward(ctx, slope):
        return slope


MISTAKES = (
    Mistake(
        "the ring stays",
        lambda images, border: _on_grid(images),
        "The grid is shared now, but the ring still gives every fake away.",
    ),
    Mistake(
        "the grid stays",
        lambda images, border: _cut(images, border),
        "The ring is gone, but reals are bytes and fakes are not: the probe reads the grid.",
    ),
    Mistake(
        "two sides of four",
        lambda images, border: _on_grid(images[:, :, border:, border:]),
        "Top and left are cut; the ring is still there at the bottom and on the right.",
        "axes",
    ),
    Mistake(
        "rounded to whole numbers",
        lambda images, border: _through(_cut(images, border).round(), _cut(images, border)),
        "Only -1, 0 and 1 come out: the levels of bytes lie 1/127.5 apart, not 1.",
    ),
    Mistake(
        "painted over",
        _painted_over,
        "A ring of one colour on both sides hides the leak, too; here it has to be cut off.",
        "axes",
    ),
    Mistake(
        "levels left as bytes",
        lambda images, border: (_right(images, border) + 1) * 127.5,
        "These are levels from 0 to 255; both sides go on to D in [-1, 1].",
    ),
    Mistake(
        "128 levels to a side",
        lambda images, border: _through(
            (_cut(images, border) * 128).round() / 128, _cut(images, border)
        ),
        "A byte moves a pixel by 1/127.5, not by 1/128: the reals no longer lie on this grid.",
    ),
    Mistake(
        "floor instead of the nearest",
        _floored,
        "Cutting digits off takes a float just below its byte to the level below.",
    ),
    Mistake(
        "stretched to its own range",
        _stretched,
        "This also stretches every image to its own darkest and brightest pixel.",
    ),
    Mistake(
        "a slice that ends at -0",
        lambda images, border: _on_grid(images[:, :, border:-border, border:-border]),
        "`border:-border` is empty when border is 0: count from the front, `H - border`.",
        "axes",
    ),
    Mistake(
        "no way round the rounding",
        lambda images, border: _nearest(_cut(images, border)),
        "The values are right, but round() has gradient 0 everywhere: G gets no pull at all.",
        "gradients",
    ),
    Mistake(
        "cut off from the graph",
        lambda images, border: _right(images, border).detach(),
        "The values are right, but a detach, .item() or no_grad lets no gradient through.",
        "gradients",
    ),
    Mistake(
        "rounded in place",
        _rounded_in_place,
        "This rewrites the caller's images; make new ones.",
        "side effects",
    ),
    Mistake(
        "cast to float32",
        lambda images, border: _right(images.float(), border),
        "The result must keep the dtype of the images, float64 included.",
        "dtype/device/seed",
    ),
)

ALTERNATIVES = {
    "a table of 256 levels": _by_table,
    "the error taken away": _without_its_error,
    "a rounding of its own": lambda images, border: _Round.apply(_cut(images, border)),
    "rounded first, cut afterwards": lambda images, border: _cut(_on_grid(images), border),
    "narrowed": lambda images, border: _on_grid(
        images.narrow(2, border, images.shape[2] - 2 * border).narrow(
            3, border, images.shape[3] - 2 * border
        )
    ),
}
