"""What a payment provider settled: every line with gross, fee and net, explained to zero."""
