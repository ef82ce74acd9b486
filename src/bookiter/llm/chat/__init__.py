"""Chat completions over HTTP: the parts of the openai provider, one concern a file.

``body`` builds what is sent, ``wire`` sends it once, ``worker`` bounds the waiting, ``problem`` names what went wrong,
``retry`` says whether and when to ask again, ``answer`` decides whether what came is a finished text, ``failure`` words
what the author is told. Only ``client`` and ``wire`` touch the SDK.
"""
