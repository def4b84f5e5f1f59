"""Author, check, publish and grade open courses written as Jupyter notebooks.

A learner's kernel imports this package, so it imports nothing itself.
"""

__version__ = "0.1.0"
