import matplotlib
matplotlib.use('Agg')
from matplotlib import pyplot as plt
fig, ax = plt.subplots()
ax.plot([2024, 2025, 2026], [3, 5, 4])
plt.close('all')
