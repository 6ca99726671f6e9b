"""The law engine: dated, cited rules in (a `Pack`), amounts and days with their explanation out."""
