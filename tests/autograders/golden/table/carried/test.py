import autograders as ag
import pandas as pd

q = ag.Question("table", points=3)
q.add(ag.table("tax", lambda sales: pd.DataFrame({"month": sales["month"], "tax": sales["units"] * 0.1}), key="month", given={"sales": ag.answer("sales", pd.DataFrame({"month": ["Jan", "Feb"], "units": [5, 7]}))}))
q.result()
