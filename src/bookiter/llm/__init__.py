"""Talking to language models: one small interface, and what can stand behind it.

The package knows neither manuscripts nor git nor the command line. It never reads the environment and never prints;
keys, addresses and limits are handed in. Wrap a model from the inside out::

    RecordingModel(CachedModel(MeteredModel(OpenAIModel(settings))))

so that a cached answer never counts against the budget, and a recorded run holds every answer, cached or not.
"""
