"""What can be wrong with a filter.

FilterSyntaxError       it cannot be understood: whoever wrote it is told where
FilterError             it makes no sense for this message: the message is not selected
"""


class FilterSyntaxError(ValueError):
    """A filter that cannot be understood."""


class FilterError(Exception):
    """A filter that makes no sense for a message, such as a text that is compared with a number."""
