"""A class of varied submissions, made from an assignment's solution; seeded and reproducible."""

from kit.simulate.run import Layout, Planted, Simulated, simulate

__all__ = ["Layout", "Planted", "Simulated", "simulate"]
