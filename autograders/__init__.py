"""The checkers that notebooks import. A learner's kernel loads this package."""
