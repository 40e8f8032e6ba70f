"""A Service Bus namespace in memory, for the real clients: AMQP 1.0 on a port of 127.0.0.1.

    python -m tests.local.bus --topology tests/local/topology.json [--port 0]

It speaks what azure-servicebus 7.15 (Python) and @azure/service-bus 7.9.5 (Node) speak with the
connection string that it announces: queues, topics, subscriptions with SQL and correlation
filters, peek-lock and its settlements, dead-letter queues, sessions, duplicate detection,
scheduled messages, expiry, batches, peeking, and rules over `$management`. What a client sends
wrong costs the client that message, link or connection, and nobody else anything.

What it does not prove: the real service's timing, throughput and quotas (only the size of a
message is limited); who may do what (any token is taken, there are no roles); persistence (all is
gone when it ends); transactions, auto-forward, partitions, actions of rules and the management
over HTTP (there are none). A filter that makes no sense for a message does not select it, and the
message is not dead-lettered for it. Locks, windows and times to live may be shorter than the
service allows.

From the outside in: `__main__` starts, `server` listens, `control` is for tests, `wire` speaks
AMQP and translates; `broker`, `store`, `entrance` and what they use decide, without any clock or
socket.
"""
