"""A lesson on the screen, and what a learner does with it: run, type, read, move a slider."""

import os
import re
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, Response, expect

from notebook_tools import PATIENCE, ROOT

ERRORS = (
    '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"], '
    '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'
)
OPEN_MILLISECONDS = 60_000
RUN_MILLISECONDS = PATIENCE * 1000
WINDOW = {"width": 1280, "height": 900}
TALL = {"width": 1280, "height": 1500}


class LessonPage:
    """One lesson, opened in JupyterLab.

    Args:
        page: a browser page of its own.
        address: of the server that `lab.jupyter_lab` started.
        name: the notebook's file name.
    """

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page = page
        self.name = name
        self._address = address
        notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
        self._places = {cell.id: place for place, cell in enumerate(notebook.cells)}
        self._codes = [cell.id for cell in notebook.cells if cell.cell_type == "code"]
        page.set_viewport_size(WINDOW)
        self.open()

    def open(self) -> None:
        """Load the page from the server, as it was last saved, and wait for its kernel."""
        page, name = self.page, self.name
        page.goto(f"{self._address}/lab/tree/{name}?reset", timeout=OPEN_MILLISECONDS)
        expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(
            len(self._places), timeout=OPEN_MILLISECONDS
        )
        # Before it has a kernel the page calls itself idle, too, and drops what is to be run.
        kernel = page.get_by_title(f"Change kernel for {name}")
        expect(kernel).to_have_text(re.compile(r"\| Idle$"), timeout=OPEN_MILLISECONDS)

    def save(self) -> None:
        """Save by keyboard, and wait until it is done."""
        with self.page.expect_response(self._is_saving, timeout=OPEN_MILLISECONDS):
            self.page.keyboard.press("Control+s")

    def forget_widgets(self) -> None:
        """Drop the state of all widgets from the saved file, as other programs do."""
        url = f"{self._address}/api/contents/{self.name}"
        model = self.page.request.get(url).json()
        del model["content"]["metadata"]["widgets"]
        told = {"type": "notebook", "format": "json", "content": model["content"]}
        assert self.page.request.put(url, data=told).ok

    def _is_saving(self, response: Response) -> bool:
        return response.request.method == "PUT" and self.name in response.url

    def run_all(self) -> None:
        """Run > Run All Cells, and wait until the last cell is done."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile(r"^Run All Cells")).click()
        prompt = self.cell(self._codes[-1]).locator(".jp-InputArea-prompt").first
        # it waits for its turn (a long page on a busy machine is slow to say so) ...
        expect(prompt).to_have_text("[*]:", timeout=OPEN_MILLISECONDS)
        expect(prompt).not_to_have_text("[*]:", timeout=RUN_MILLISECONDS)  # ... and had it
        failed = f"one above failed: {self.errors()}"
        expect(prompt, failed).to_have_text(f"[{len(self._codes)}]:")
        self._wait_until_idle()

    def cell(self, cell_id: str) -> Locator:
        """The cell with this id, input and output."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self._places[cell_id])

    def after(self, cell_id: str, words: str) -> str:
        """The id of the first code cell below this one whose source contains the words."""
        below = self._codes[self._codes.index(cell_id) + 1 :]
        return next(name for name in below if words in self.source(name))

    def source(self, cell_id: str) -> str:
        """What stands in a cell now."""
        return "\n".join(self.cell(cell_id).locator(".cm-line").all_inner_texts())

    def type_into(self, cell_id: str, text: str) -> None:
        """Replace what stands in a cell."""
        self.cell(cell_id).scroll_into_view_if_needed()
        self.cell(cell_id).locator(".cm-content").first.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        expect(self.cell(cell_id).locator(".cm-content").first).to_contain_text(
            text.strip().splitlines()[-1].strip()
        )

    def run(self, cell_id: str) -> None:
        """Run one cell with the keyboard and wait until it is done."""
        prompt = self.cell(cell_id).locator(".jp-InputArea-prompt").first
        before = prompt.inner_text()
        self.cell(cell_id).locator(".cm-content").first.click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before, timeout=RUN_MILLISECONDS)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=RUN_MILLISECONDS)
        self._wait_until_idle()

    def output(self, cell_id: str) -> str:
        """The text a reader sees below a cell."""
        return self.cell(cell_id).locator(".jp-Cell-outputWrapper").inner_text()

    def errors(self) -> list[str]:
        """Exceptions and warnings anywhere on the page."""
        return self.page.locator(ERRORS).all_inner_texts()

    def press_on_slider(self, cell_id: str, place: int, key: str, times: int = 1) -> None:
        """Move a slider of a cell's widget by keyboard, as if tabbed to.

        Args:
            cell_id: the cell that shows the widget.
            place: which slider, from 0.
            key: "ArrowRight", "ArrowLeft", ...
            times: how often the key is pressed.
        """
        handle = self.cell(cell_id).locator(".noUi-handle").nth(place)
        handle.scroll_into_view_if_needed()
        handle.focus()
        for _ in range(times):
            self.page.keyboard.press(key)
        self.page.wait_for_timeout(300)  # widgets send the last value with a delay
        self._wait_until_idle()

    def picture_words(self, cell_id: str) -> list[str]:
        """Alt texts of the pictures that are seen below a cell now, each text once."""
        pictures = self.cell(cell_id).locator(".jp-Cell-outputWrapper img:visible")
        words = [picture.get_attribute("alt") or "" for picture in pictures.all()]
        return [text for text in words if "told with panel 1" not in text]

    def pictures_not_drawn(self) -> list[str]:
        """Alt texts of pictures that the browser could not draw."""
        lost = "pictures => pictures.filter(p => !p.naturalWidth).map(p => p.alt || p.src)"
        return self.page.locator(".jp-Notebook img").evaluate_all(lost)

    def screenshot(self, name: str, cell_id: str | None = None) -> None:
        """Picture a cell, or the lesson in pieces, into $VGAN_SCREENSHOTS if that is set."""
        folder = os.environ.get("VGAN_SCREENSHOTS")
        if not folder:
            return
        if cell_id is not None:
            self.cell(cell_id).screenshot(path=Path(folder) / f"{name}.png")
            return
        self.page.set_viewport_size(TALL)
        outer = self.page.locator(".jp-WindowedPanel-outer").first
        end = outer.evaluate("panel => panel.querySelector('.jp-Cell:last-child').offsetTop")
        for piece, top in enumerate(range(0, end + 1, TALL["height"] - 100)):
            outer.evaluate("(panel, top) => panel.scrollTo(0, top)", top)
            self.page.wait_for_timeout(300)
            outer.screenshot(path=Path(folder) / f"{name}_{piece}.png")
        self.page.set_viewport_size(WINDOW)

    def _wait_until_idle(self) -> None:
        idle = '.jp-NotebookPanel:not(.lm-mod-hidden) [data-status="idle"]'
        self.page.wait_for_selector(idle, state="attached", timeout=RUN_MILLISECONDS)
