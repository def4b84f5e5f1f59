import autograders as ag

q = ag.Question("sales", points=4)
q.add(ag.plot("ax", kind="line", x=[2024, 2025, 2026], y=[3, 5, 4], xlabel="Year", ylabel="Sales",
              title="", legend=["north"]))
q.result()
