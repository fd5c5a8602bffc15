"""The district bureau's pages: its years, the workbook, the result, signature and receipt."""
