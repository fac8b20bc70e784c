"""The smallest configuration that still has every part of the video GAN."""

from vgan_lessons.training import VideoTrainConfig

SMALL = VideoTrainConfig(
    image_size=16,
    n_frames=8,
    window_frames=3,
    max_stride=2,
    generator_channels=(8, 8),
    frame_channels=4,
    clip_channels=4,
    batch_size=4,
    n_steps=12,
    log_every=1,
)
