import pandas as pd

sales = pd.DataFrame({"month": ["Jan", "Feb"], "units": [5, 8]})
tax = pd.DataFrame({"month": ["Jan", "Feb"], "tax": [0.5, 0.8]})
