result = {'statistic': 2.1, 'p': 0.04}
