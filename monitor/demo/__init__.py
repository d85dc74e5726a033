"""`monitor demo`: the whole way on one machine, with newspapers, a Slack, a mailbox and a webhook that are all played."""
