"""Tables out of files that people send, and into files that they take away.

`read_table` takes XLSX and delimited text of any encoding and separator; `write_xlsx` and
`write_csv` write what it reads. What a column means is for the caller to say.
"""
