flows = ["operating", 3600]
