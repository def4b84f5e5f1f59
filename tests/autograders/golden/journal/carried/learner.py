depreciation = 450
entries = [("2027-12-31", "Depreciation expense", "Accumulated depreciation", 450)]
