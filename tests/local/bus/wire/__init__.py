"""The bus on the wire: AMQP 1.0 in, calls of the broker out, and back. It decides nothing."""
