"""Toy games on points of the plane: played by hand, in leagues, recorded, and diagnosed."""
