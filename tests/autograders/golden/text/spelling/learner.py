account = "Acounts recievable"
