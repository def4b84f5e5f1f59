globals()['total'] = abs
