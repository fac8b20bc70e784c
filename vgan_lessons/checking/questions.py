"""Exit quizzes: three to five questions whose answers are checked like exercises."""

from dataclasses import dataclass
from typing import Literal

Mark = Literal["not answered", "not yet", "right"]


@dataclass(frozen=True)
class Question:
    """One question with one right answer.

    Args:
        text: the question, in full.
        options: what to choose from, lettered a, b, c ...; empty where a number is asked.
        answer: the right letter, or the number.
        why: shown once the answer is right.
        nudge: shown while it is not.
        tolerance: how far a number may be off.
    """

    text: str
    options: tuple[str, ...]
    answer: str | float
    why: str
    nudge: str
    tolerance: float = 1e-3

    def lettered(self) -> list[str]:
        """The options as they are shown: "a) minimax"."""
        return [f"{chr(97 + i)}) {option}" for i, option in enumerate(self.options)]

    def mark(self, given: str | float | None) -> Mark:
        """Judge an answer; a letter in either case, a number within the tolerance."""
        if given is None or given is ...:
            return "not answered"
        if isinstance(self.answer, str):
            return "right" if str(given).strip(" )").lower() == self.answer else "not yet"
        try:
            near = abs(float(given) - self.answer) <= self.tolerance
        except (TypeError, ValueError):
            near = False
        return "right" if near else "not yet"


@dataclass(frozen=True)
class Quiz:
    """The exit quiz of one lesson."""

    lesson: int
    questions: tuple[Question, ...]

    def text(self) -> str:
        """The questions as plain text, numbered."""
        lines = []
        for number, question in enumerate(self.questions, 1):
            lines.append(f"{number}. {question.text}")
            lines += [f"   {option}" for option in question.lettered()]
        return "\n".join(lines)

    def reply(self, marks: list[Mark]) -> str:
        """One line per question: the mark, with the explanation or the nudge."""
        said = []
        for number, (question, mark) in enumerate(zip(self.questions, marks, strict=True), 1):
            more = {"right": f" {question.why}", "not yet": f" {question.nudge}"}.get(mark, "")
            said.append(f"{number}. {mark}.{more}")
        return "\n".join(said)
