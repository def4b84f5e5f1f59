"""Python in a page: Pyodide, its packages, and the cells that a reader runs."""
