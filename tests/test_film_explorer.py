"""The slider of lesson 00 shows the films of its seed, and stands still without a kernel."""

from types import SimpleNamespace

from vgan_lessons.widgets import explorer, film_explorer


def figure_of(seed):
    return SimpleNamespace(_repr_html_=lambda: f"<figure>films of seed {seed}</figure>")


def test_moving_the_slider_shows_the_films_of_that_seed():
    explorer = film_explorer(figure_of)
    assert explorer.picture.value.startswith("<figure>films of seed 0</figure>")
    explorer.controls["seed"].value = 7
    assert explorer.picture.value.startswith("<figure>films of seed 7</figure>")


def test_the_slider_ends_where_it_was_told():
    assert film_explorer(figure_of, highest=5).controls["seed"].max == 5


def test_a_page_saved_without_its_slider_shows_the_films_and_how_to_get_it_back(monkeypatch):
    seen = []
    monkeypatch.setattr(explorer, "display", lambda page, raw: seen.append(page))
    film_explorer(figure_of)._ipython_display_()
    alive, still = seen
    assert alive["text/plain"].startswith("Films from noise: controls seed of the noise")
    films = "<figure>films of seed 0</figure><p>No controls here?"
    assert films in still["text/html"]
