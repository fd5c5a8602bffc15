"""Writes what people receive: their own workbook with marks, single cells, tables as CSV."""

from .marked import mark
from .safe import csv_cell, write_csv

__all__ = ["csv_cell", "mark", "write_csv"]
