"""Lessons in JupyterLab, driven as a learner drives them, in a headless Chromium."""
