result = {'statistic': 3.3, 'p': 0.002, 'interval': (0.1, 3.9), 'reject': True}
