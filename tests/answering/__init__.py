"""Answers given to every component of a page, as its own content says they are right or wrong.

Nothing here knows a lesson: what is right, what is said to it and to what else is read from the
page, where the front end reads it. `kinds` names what is known; a component of another kind is an
error.
"""
