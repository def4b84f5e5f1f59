"""What a course's packages are imported as."""

from __future__ import annotations

from kit.course.requirements import modules_of


def test_a_package_is_imported_under_its_modules_name() -> None:
    named = ["scikit-learn>=1.4", "PyYAML", "python_dateutil == 2.9", "my-own[extra]", "# none"]
    assert modules_of(named) == ("dateutil", "my_own", "sklearn", "yaml")


def test_figures_are_drawn_by_what_comes_with_matplotlib() -> None:
    assert modules_of(["matplotlib"]) == ("matplotlib", "matplotlib.pyplot", "numpy")


def test_the_checkers_of_a_course_are_known() -> None:
    assert modules_of(["coursewright"]) == ("autograders",)
