"""Staged pages -> HTML: Sphinx kept warm, our theme, and what accessibility needs."""
