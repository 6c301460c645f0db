"""Each module is a part: `TITLE`, `run(bench) -> list[Row]`, and `LONG = True` where it runs only when named."""
