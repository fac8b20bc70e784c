"""What is known about a data set before it is used, and how its absence is told."""

from dataclasses import dataclass


class DataError(Exception):
    """A data set is missing, unreadable or unfit; the message says what to do about it."""


class DataWarning(UserWarning):
    """Some files of a data set were left out; the message names and counts them."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """The label on the box: what is in a data set, whence it comes, what may be done with it.

    Lesson 09.
    """

    name: str  # the word `load_videos` takes
    what: str  # one line: what a clip shows
    source: str  # who made it and where it is published
    licence: str  # what may be done with it
    size: str  # how many clips, how long
    shape: str  # pixels as stored here, and what is done to them
    how_made: str  # by which steps the clips came to be
    citation: str = ""  # the work to cite, if any
    notes: tuple[str, ...] = ()  # what a user should know: labels, gaps, files left out

    def text(self) -> str:
        """The card as readable lines, one field a line, notes at the end.

        Returns:
            Lines `field: value`; empty fields are left out.
        """
        fields = ("what", "source", "licence", "size", "shape", "how_made", "citation")
        lines = [f"{self.name}"]
        for field in fields:
            if value := getattr(self, field):
                lines.append(f"  {field.replace('_', ' ')}: {value}")
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)
