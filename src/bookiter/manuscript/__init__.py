"""The book: its configuration, levels and units, and which of them a sentence means."""
