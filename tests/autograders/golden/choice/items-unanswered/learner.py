kinds = dict.fromkeys("abcd")
