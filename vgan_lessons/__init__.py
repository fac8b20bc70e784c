"""Video GAN Lessons: the collected solutions of the course, importable.

Lesson NN teaches an idea and you write it; from lesson NN + 1 on it is imported from here.
Importing the package itself is light: torch is loaded by the modules that need it.
"""

__version__ = "0.1.0"
