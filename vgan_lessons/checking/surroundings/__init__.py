"""What an answer runs inside of, so that the learner's session is afterwards as it was.

`session` keeps random sources, switches and prints, and pretends another device; `limits`
stops what runs too long, and takes answers that end their process; `guard` refuses what would
end or wedge the session, or replace the functions that judge.
"""
