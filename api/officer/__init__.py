"""The officer side: clients, households, slates and the reasons behind them."""
