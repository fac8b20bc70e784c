"""Plain text of hints and questions as HTML."""

import html
import re


def marked_up(text: str) -> str:
    """Escape a text, and set `code` between backticks as code.

    Args:
        text: of a hint or a question.
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
