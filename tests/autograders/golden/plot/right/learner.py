import matplotlib
matplotlib.use('Agg')
from matplotlib import pyplot as plt
fig, ax = plt.subplots()
ax.plot([2024, 2025, 2026], [3, 5, 4], label='north')
ax.set(xlabel='Year', ylabel='Sales (thousands)', title='Sales fell in 2026')
ax.legend()
plt.close('all')
