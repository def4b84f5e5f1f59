why = ["It was earned", "in March"]
