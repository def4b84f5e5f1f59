"""A class of varied submissions, made from an assignment's solution; seeded and reproducible."""

from kit.simulate.run import Layout, Planted, Simulated, roster_rows, simulate

__all__ = ["Layout", "Planted", "Simulated", "roster_rows", "simulate"]
