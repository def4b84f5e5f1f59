result = 'significant'
