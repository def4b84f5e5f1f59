entries = """
Dr Cash 500 / Cr Revenue 500
Dr Rent expense 260 / Cr Cash 260
"""
