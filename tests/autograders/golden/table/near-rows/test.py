import autograders as ag
import pandas as pd

q = ag.Question("table", points=3)
q.add(ag.table("totals", pd.DataFrame({"account": ["Cash", "Receivables", "Loan"], "total": [3, 4, 5]}), key="account", credit="rows"))
q.result()
