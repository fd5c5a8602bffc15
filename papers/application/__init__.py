"""The national application form, tables Ⅰ to Ⅵ: what is held, what is asked for once."""
