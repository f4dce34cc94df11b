"""What script/bench runs inside the virtual environment: data, pages, clock and verdicts."""
