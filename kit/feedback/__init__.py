"""Pages for learners: what they earned, what they wrote, what was asked; never a hidden test."""

from kit.feedback.marking import marking_page
from kit.feedback.pack import Packed, pack
from kit.feedback.pages import write_feedback

__all__ = ["Packed", "marking_page", "pack", "write_feedback"]
