import matplotlib
matplotlib.use('Agg')
from matplotlib import pyplot as plt
fig, ax = plt.subplots()
fig, _ = plt.subplots(1, 2)
ax = fig
plt.close('all')
