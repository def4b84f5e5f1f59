import pandas as pd

totals = pd.DataFrame({"account": ["Cash", "Recievables", "Loan"], "total": [3, 4, 5]})
