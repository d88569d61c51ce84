"""Files to drafts to append, one reader a file. Holds no reader itself; import `events.batches.load`."""
