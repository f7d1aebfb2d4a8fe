"""Speed: every rung on the same demo data with the real gates and features, side by side."""
