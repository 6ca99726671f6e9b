"""Bank statements as CSV or XLSX, read by profiles that are data (`profiles/*.toml`)."""
