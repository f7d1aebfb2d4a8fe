"""The analyst's side: training, judging and promoting the model that answers."""
