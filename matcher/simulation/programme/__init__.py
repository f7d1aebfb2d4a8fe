"""A programme of four years, played under policies that decide who is offered what."""
