"""The plan and its progress over REST: units, phases, progress, plan, certifications."""
