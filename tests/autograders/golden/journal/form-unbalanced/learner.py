entries = """
Dr Cash 500 / Cr Revenues 50
Dr Acounts receivable 20 / Cr Sales 20
"""
