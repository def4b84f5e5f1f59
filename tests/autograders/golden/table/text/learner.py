import pandas as pd

schedule = pd.DataFrame({
    "year": [1, 2, 3], "opening": [900, 600, 300],
    "interest": [45, 30, 15], "closing": [600, 300, 0],
})
schedule['interest'] = ['45', '30', '15']
