"""Cities as data, and the tools that read, check and compile them on a laptop; no function carries this package."""
