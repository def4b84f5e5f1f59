acount = "Cash"
