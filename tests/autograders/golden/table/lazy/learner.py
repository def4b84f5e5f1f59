import polars as pl

schedule = pl.LazyFrame({'year': [3]})
