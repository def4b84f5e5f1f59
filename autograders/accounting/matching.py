"""The best assignment of a learner's entries to the expected ones, and of lines to lines."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf


def best_pairs(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs (row, column), each row and column at most once, with the largest total score.

    The Hungarian method with potentials, in O(n^2 m) for n <= m rows and columns: H. W. Kuhn,
    "The Hungarian method for the assignment problem", Naval Research Logistics Quarterly 2
    (1955), 83-97. Every row of the shorter side is paired.
    """
    rows = len(scores)
    columns = len(scores[0]) if rows else 0
    if not rows or not columns:
        return []
    if rows > columns:
        turned = [[scores[row][column] for row in range(rows)] for column in range(columns)]
        return sorted((row, column) for column, row in best_pairs(turned))
    owner = _assigned([[-score for score in row] for row in scores])
    return sorted((row - 1, column - 1) for column, row in enumerate(owner) if column and row)


def _assigned(costs: list[list[float]]) -> list[int]:
    """For each column, from 1, the row that has it, from 1; 0 for none. Rows <= columns."""
    rows, columns = len(costs), len(costs[0])
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        column = 0
        least = [inf] * (columns + 1)
        came_from = [0] * (columns + 1)
        done = [False] * (columns + 1)
        while owner[column]:
            done[column] = True
            at, step, following = owner[column], inf, 0
            for other in range(1, columns + 1):
                if done[other]:
                    continue
                reduced = costs[at - 1][other - 1] - of_row[at] - of_column[other]
                if reduced < least[other]:
                    least[other], came_from[other] = reduced, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(columns + 1):
                if done[other]:
                    of_row[owner[other]] += step
                    of_column[other] -= step
                else:
                    least[other] -= step
            column = following
        while column:
            owner[column] = owner[came_from[column]]
            column = came_from[column]
    return owner
