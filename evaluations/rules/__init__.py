"""The rules of evaluation in plain Python: who reads this needs no Django."""
