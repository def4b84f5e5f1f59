import matplotlib
matplotlib.use('Agg')
from matplotlib import pyplot as plt
fig, ax = plt.subplots()
ax.plot([2024, 2025], [3, 5], label='north')
ax.set(xlabel='Year', ylabel='Sales', title='x')
ax.legend()
plt.close('all')
