"""Self-checks over REST: the workbook in, findings out, results, steps and their trail."""
