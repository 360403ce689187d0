"""Looks at models' files before anything that could be harmed by them reads them."""
