flows = {"operating": 4800, "investing": -2250, "financing": 250}
