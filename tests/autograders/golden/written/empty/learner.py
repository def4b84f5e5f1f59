why = "  \n"
