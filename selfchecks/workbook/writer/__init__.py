"""Writes what districts receive: the template, their own workbook with marks, tables as CSV."""

from .marked import mark
from .safe import csv_cell, write_csv
from .template import Prefill, write_template

__all__ = ["Prefill", "csv_cell", "mark", "write_csv", "write_template"]
