"""The components that lessons show. A learner's kernel loads this package."""
