import pandas as pd
grid = pd.DataFrame({'a': [1, 3], 'b': [2, 4]})
