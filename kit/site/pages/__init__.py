"""The pages that follow from `course.yml`, and what stands around every page."""
