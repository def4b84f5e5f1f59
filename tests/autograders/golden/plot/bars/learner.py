import matplotlib
matplotlib.use('Agg')
from matplotlib import pyplot as plt
fig, ax = plt.subplots()
ax.bar([2024, 2025, 2026], [3, 5, 4], label='north')
ax.set(xlabel='Year', ylabel='Sales', title='x')
ax.legend()
plt.close('all')
