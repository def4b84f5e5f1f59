table = frame = type('T', (), {'groupby': lambda *a: 1})()
sums = frame.groupby('x')
