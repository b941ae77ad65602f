"""Words to and from a mailbox: letters composed, sent and read."""
