"""Speed and quality against what a learner would pick instead: `vgan-lessons bench`.

Only in a checkout: nothing here is installed with the package. `contestant` says what takes
part in a benchmark, `lineup` lists who does; `ours` and `mocogan` are contestants. `speed`,
`race`, `sampling`, `scaling` and `gpu` measure them, `bench` is the plan of a run, `report` and
`targets` write it down. A new rival is a class like `Mocogan` and a line in `lineup`.
"""
