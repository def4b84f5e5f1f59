"""The site as one printed book."""
