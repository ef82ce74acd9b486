"""The pipeline, a file a stage: intent, gate, scale, propose, check, judge, summarise, commit; iterate runs them all."""
