"""The public copy of a course: what may leave its folder, and a folder that is kept level with it.

`public_tree` says what is in it, `write_tree` writes it, ready to be pushed.
"""

from kit.publish.tree import public_tree
from kit.publish.write import Published, write_tree

__all__ = ["Published", "public_tree", "write_tree"]
