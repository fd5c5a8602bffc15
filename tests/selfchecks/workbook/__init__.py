"""Tests of reading and writing workbooks; none of them needs Django."""
