account = " "
