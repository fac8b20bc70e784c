"""Exercises of lesson 07: what an LSTM remembers, and for how long."""

from vgan_lessons.exercises.ex07_lstm.gradient_through_time import GRADIENT_THROUGH_TIME
from vgan_lessons.exercises.ex07_lstm.half_life import HALF_LIFE
from vgan_lessons.exercises.ex07_lstm.lstm_cell import LSTM_CELL
from vgan_lessons.exercises.ex07_lstm.motion_path import MOTION_PATH
from vgan_lessons.exercises.ex07_lstm.predict_next import PREDICT_NEXT
from vgan_lessons.exercises.ex07_lstm.quiz import QUIZ
from vgan_lessons.exercises.ex07_lstm.unroll import UNROLL

ALL = (LSTM_CELL, UNROLL, HALF_LIFE, GRADIENT_THROUGH_TIME, MOTION_PATH, PREDICT_NEXT)

__all__ = ["ALL", "QUIZ"]
