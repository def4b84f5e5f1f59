import autograders as ag
import re

q = ag.Question("text", points=1)
q.add(ag.text("when", pattern=r"\d{4}-\d\d-\d\d", mistakes={re.compile(r"-\d\b"): ag.mistake("digits", "Write the month and the day with two digits.")}))
q.result()
