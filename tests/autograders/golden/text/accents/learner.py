city = "Sao Paulo"
