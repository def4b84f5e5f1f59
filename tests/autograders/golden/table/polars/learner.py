import polars as pl

schedule = pl.DataFrame({'year': [3, 1, 2], 'opening': [300, 900, 600], 'interest': [15.0, 45.0, 30.0], 'closing': [0, 600, 300]})
