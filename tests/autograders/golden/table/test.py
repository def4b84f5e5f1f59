import autograders as ag
import pandas as pd

right = pd.DataFrame({
    "year": [1, 2, 3], "opening": [900.0, 600.0, 300.0],
    "interest": [45.0, 30.0, 15.0], "closing": [600.0, 300.0, 0.0],
})


def forgot_interest(schedule):
    return schedule["interest"].sum() == 0


q = ag.Question("table", points=6)
q.add(ag.table("schedule", right, key="year", credit="cells", mistakes={forgot_interest: ag.mistake("no-interest", "What does the loan cost each year?", credit=0.25)}))
q.result()
