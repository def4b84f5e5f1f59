wyh = "It was earned in March."
