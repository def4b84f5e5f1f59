flows = {"operating": {
    "Net income": 300, "Depreciation": -50, "Increase in accounts receivable": 70,
    "Increase in accounts payable": -20,
}}
