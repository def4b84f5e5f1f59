result = {'statistic': 2.1, 'p': 0.04, 'interval': (0.1, 3.9), 'reject': True}
