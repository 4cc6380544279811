VALUES ('1', 'gr', 'name')
