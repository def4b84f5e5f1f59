kinds = dict.fromkeys("abcd", "neither")
