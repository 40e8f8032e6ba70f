"""Filters of subscriptions: which messages of a topic are for whom.

https://learn.microsoft.com/azure/service-bus-messaging/topic-filters
"""
