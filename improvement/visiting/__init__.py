"""Pages of on-site visits: inspectors draw and record, districts read what came of it."""
