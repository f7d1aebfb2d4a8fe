"""The one composition root: the service, the command line and the use cases behind both."""
