"""Lessons: read, executed in kernels of their own, and their widgets as parts of a page."""
