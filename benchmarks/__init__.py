"""Speed and quality against a faithful MoCoGAN, measured side by side: `vgan-lessons bench`.

Only in a checkout: nothing here is installed with the package. `mocogan` is the opponent,
`contestants` who takes part, `throughput`, `sampling`, `memory`, `loading`, `profiling` and
`quality` measure, `report` writes down, `bench` is the plan of a run.
"""
