"""Steps through the text of a Bicep file: words, strings, brackets, white space and comments."""

import re

WORD = re.compile(r"[A-Za-z_]\w*")
CLOSING = {"(": ")", "[": "]", "{": "}"}


class Scanner:
    """A place in a text, and the comment right before it."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.at = 0
        self.comment: list[str] = []

    def word(self) -> str:
        match = WORD.match(self.text, self.at)
        if not match:
            raise self.wrong("a name")
        self.at = match.end()
        self.blanks()
        return match[0]

    def raw(self, stops: str) -> str:
        """The text up to the end of the line or one of these, brackets and strings taken whole."""
        start = self.at
        while (char := self.peek()) not in ("", "\n", *stops):
            if char == "'":
                self.string()
            elif char in CLOSING:
                self.bracketed()
            elif self.text.startswith("//", self.at):
                break
            else:
                self.at += 2 if self.text[self.at : self.at + 2] in ("==", "!=", "=~") else 1
        return self.text[start : self.at]

    def bracketed(self) -> str:
        start, closing = self.at, CLOSING.get(self.peek())
        if closing is None:
            raise self.wrong("a bracket")
        self.at += 1
        while (char := self.peek()) != closing:
            if char == "":
                raise self.wrong(closing)
            if char == "'":
                self.string()
            elif char in CLOSING:
                self.bracketed()
            else:
                self.at += 1
        self.at += 1
        text = self.text[start : self.at]
        self.blanks()
        return text

    def string(self) -> str:
        start = self.at
        self.at += 1
        while (char := self.peek()) != "'":
            if char in ("", "\n"):
                raise self.wrong("the end of a string")
            if self.text.startswith("${", self.at):
                self.at += 1
                self.bracketed()
            else:
                self.at += 2 if char == "\\" else 1
        self.at += 1
        return self.text[start : self.at]

    def space(self) -> bool:
        """Skip white space, keep the comment right before what comes, and say if there is more."""
        self.comment = []
        while True:
            begin = self.at
            self.blanks()
            if self.text.startswith("\n\n", self.at):
                self.comment = []
            if self.peek() == "\n":
                self.at += 1
            elif self.text.startswith("//", self.at):
                end = self.text.find("\n", self.at)
                self.comment.append(self.text[self.at + 2 : end].strip())
                self.at = end
            if self.at == begin:
                return self.peek() != ""

    def blanks(self) -> None:
        while self.peek() == " ":
            self.at += 1

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip(self, char: str) -> bool:
        if self.peek() != char:
            return False
        self.at += 1
        self.blanks()
        return True

    def wrong(self, wanted: str) -> ValueError:
        line = self.text.count("\n", 0, self.at) + 1
        return ValueError(f"{self.name}:{line}: {wanted} is expected")
