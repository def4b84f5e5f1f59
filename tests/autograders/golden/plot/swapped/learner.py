import matplotlib
matplotlib.use('Agg')
from matplotlib import pyplot as plt
fig, ax = plt.subplots()
ax.plot([3, 5, 4], [2024, 2025, 2026], label='North')
ax.set(xlabel='Sales', ylabel='Year', title='x')
ax.legend()
plt.close('all')
