"""Operands: what stands between the operators of an expression, read from its tokens."""

from abc import ABC, abstractmethod
from typing import NoReturn

from criterion.expression.cursor import Cursor
from criterion.expression.literals import LiteralMistakeError, read_number, read_text
from criterion.expression.tokens import OPENING, Token
from criterion.expression.tree import (
    Call,
    Constant,
    Expression,
    Fold,
    FoldName,
    Key,
    ListDisplay,
    MappingDisplay,
    Name,
    Scalar,
)  # fmt: skip
from criterion.expression.unexpected import as_function, joins, not_a_name, unclosed
from criterion.expression.words import CONSTANTS, FOLDS, RESERVED, keyed, name_mistake
from criterion.quantity import UNLIMITED
from criterion.text import code, listing


class Operands(Cursor, ABC):
    """Reads names, keys, literals, brackets, lists, mappings, calls and folds."""

    @abstractmethod
    def expression(self) -> Expression:
        """Read an expression; the parser knows how."""

    @abstractmethod
    def disjunction(self) -> Expression:
        """Read an expression without an ``if`` of its own; the parser knows how."""

    def nested(self) -> Expression:
        """Read an expression inside of something."""
        self.deeper()
        node = self.expression()
        self.nesting -= 1
        return node

    def operand(self) -> Expression:
        """Read a value with the keys behind it."""
        start = self.token.at
        node = self._atom()
        while True:
            token = self.token
            if token.text == ".":
                node = self._dotted(node, start)
            elif token.text == "[":
                self.take()
                node = self._indexed(node, start, token)
            elif token.text == "(":
                self.refuse("unknown_function", token, *as_function(node, self.source))
            elif token.kind == "number" and token.text[0] == "." and token.at == self.end - 1:
                hint = f"write `{self.source[start : token.at]}[{token.text[1:]}]`"
                self.refuse("syntax", token, "a position is not written with a dot", hint)
            else:
                return node

    def _dotted(self, base: Expression, start: int) -> Expression:
        dot = self.take()
        token = self.token
        if token.kind != "name":
            self._refuse_key(base, start, dot)
        if token.text in RESERVED:
            hint = f"write `{self.source[start : dot.at]}{keyed(token.text)}`"
            self.refuse("name", token, f"{code(token.text)} is a word of the language", hint)
        if token.text[0] == "_":
            self.refuse("name", token, f"{code(token.text)} begins with `_`", "no name here does")
        self.take()
        if self.token.text == "(":
            method = Key(at=start + 1, end=self.end, base=base, index=self._constant(token))
            self.refuse("unknown_function", token, *as_function(method, self.source))
        return Key(at=start + 1, end=self.end, base=base, index=self._constant(token))

    def _refuse_key(self, base: Expression, start: int, dot: Token) -> NoReturn:
        token = self.token
        if token.kind == "foreign":
            self.refuse_value()
        after = code(self.source[start : dot.end])
        if isinstance(base, Constant):
            self.refuse("syntax", token, f"digits are missing after {after}", "leave out the `.`")
        hint = f"write `{self.source[start : dot.at]}[{token.text}]`"
        self.refuse(
            "syntax",
            token,
            f"a key is missing after {after}",
            hint if token.kind == "text" else None,
        )

    def _constant(self, token: Token) -> Constant:
        return Constant(at=token.at + 1, end=token.end + 1, value=token.text)

    def _indexed(self, base: Expression, start: int, bracket: Token) -> Expression:
        if self.token.text == ":":
            self._refuse_slice()
        index = self.nested()
        if self.token.text == ":":
            self._refuse_slice()
        self.close(bracket)
        return Key(at=start + 1, end=self.end, base=base, index=index)

    def _refuse_slice(self) -> NoReturn:
        hint = "for the start or end of a text, use `startswith` or `endswith`"
        self.refuse("foreign", self.token, "there are no slices", hint)

    def _atom(self) -> Expression:
        token = self.token
        if token.kind == "name":
            return self._word()
        if token.kind in {"number", "text"}:
            value = self._literal(token)
            self.take()
            return Constant(at=token.at + 1, end=self.end, value=value)
        if token.kind == "sign" and token.text in OPENING:
            self.take()
            read = {"(": self._bracketed, "[": self._list, "{": self._mapping}[token.text]
            return read(token)
        return self.refuse_value()

    def _literal(self, token: Token) -> Scalar:
        try:
            return read_number(token.text) if token.kind == "number" else read_text(token.text)
        except LiteralMistakeError as mistake:
            place = token._replace(at=token.at + mistake.offset)
            kind, message, hint = mistake.kind, mistake.message, mistake.hint
        return self.refuse(kind, place, message, hint)

    def _word(self) -> Expression:
        token = self.token
        word = token.text
        if word in CONSTANTS:
            self.take()
            return Constant(at=token.at + 1, end=self.end, value=CONSTANTS[word])
        if word == "unlimited":
            self.take()
            return Constant(at=token.at + 1, end=self.end, value=UNLIMITED)
        if word in RESERVED or word[0] == "_":
            self.refuse_value()
        self.take()
        following = self.token
        if following.text == "(":
            return self._call(token)
        if following.kind == "text" and following.at == token.end:
            hint = "write the text without it, and join texts with `+`"
            self.refuse("foreign", token, f"{code(word)} cannot stand before a text", hint)
        return Name(at=token.at + 1, end=self.end, name=word)

    def _call(self, function: Token) -> Expression:
        bracket = self.take()
        arguments: list[Expression] = []
        while self.token.text != ")":
            if self.token.text in {"*", "**"}:
                self.refuse("foreign", self.token, "arguments are written one by one")
            arguments.append(self.nested())
            if self.token.text == "for" and len(arguments) == 1:
                return self._folded(arguments[0], function, bracket)
            if self.token.text == "=":
                hint = "write the value alone"
                self.refuse("foreign", self.token, "arguments have no names", hint)
            if not self.take_comma():
                break
        self.close(bracket)
        at = function.at + 1
        return Call(at=at, end=self.end, function=function.text, arguments=tuple(arguments))

    def _folded(self, item: Expression, function: Token, bracket: Token) -> Expression:
        if function.text not in FOLDS:
            message = f"{code(function.text)} does not take `for`"
            hint = f"`for` goes with {listing([*map(code, FOLDS), '`[…]`'])}"
            self.refuse("syntax", self.token, message, hint)
        fold: FoldName = function.text  # type: ignore[assignment] # one of FOLDS
        return self._fold(fold, item, function.at, bracket)

    def _fold(self, fold: FoldName, item: Expression, start: int, bracket: Token) -> Expression:
        self.take()
        name = self.token
        problem = not_a_name(name) or name_mistake(name.text)
        if problem is not None:
            self.refuse("name", name, *problem)
        self.take()
        if self.token.text != "in":
            hint = f"write `for {name.text} in list`, with one name"
            self.refuse("syntax", self.token, f"`in` is missing after `for {name.text}`", hint)
        self.take()
        source = self.disjunction()
        condition = None
        if self.token.text == "if":
            self.take()
            condition = self.disjunction()
        if self.token.text in {"for", "if", "else"}:
            self.refuse("foreign", self.token, *joins(self.token.text))
        self.close(bracket)
        return Fold(
            at=start + 1, end=self.end, fold=fold, item=item, variable=name.text, source=source,
            condition=condition,
        )  # fmt: skip

    def _bracketed(self, bracket: Token) -> Expression:
        if self.token.text == ")":
            self.refuse(
                "syntax", bracket, "the brackets are empty", "for an empty list, write `[]`"
            )
        node = self.nested()
        if self.token.text == ",":
            message, hint = "`(…, …)` is no list", "write `[…, …]`"
            self.refuse("foreign", self.token, message, hint)
        if self.token.text == "for":
            hint = "write `any(…)`, `sum(…)` and so on, or `[…]`"
            self.refuse("foreign", self.token, "`for` needs a function or a list", hint)
        self.close(bracket)
        return node

    def _list(self, bracket: Token) -> Expression:
        items: list[Expression] = []
        while self.token.text != "]":
            items.append(self.nested())
            if self.token.text == "for" and len(items) == 1:
                return self._fold("list", items[0], bracket.at, bracket)
            if not self.take_comma():
                break
        self.close(bracket)
        return ListDisplay(at=bracket.at + 1, end=self.end, items=tuple(items))

    def _mapping(self, bracket: Token) -> Expression:
        keys: list[str] = []
        values: list[Expression] = []
        while self.token.text != "}":
            keys.append(self._mapping_key(keys, bracket))
            values.append(self.nested())
            if self.token.text == "for":
                hint = "write the mapping under `let`, or in the profile"
                self.refuse("foreign", self.token, "a mapping is not made with `for`", hint)
            if not self.take_comma():
                break
        self.close(bracket)
        at = bracket.at + 1
        return MappingDisplay(at=at, end=self.end, keys=tuple(keys), values=tuple(values))

    def _mapping_key(self, keys: list[str], bracket: Token) -> str:
        token = self.token
        if token.kind == "end":
            self.refuse("syntax", bracket, *unclosed(bracket))
        if token.kind != "text":
            hint = f'write `"{token.text}"`' if token.kind in {"name", "number"} else None
            self.refuse("syntax", token, "the keys of a mapping are text in quotes", hint)
        key = str(self._literal(token))
        self.take()
        if self.token.text in {",", "}"} and not keys:
            hint = "for a list, write `[…]`; for a mapping, `{key: value}`"
            self.refuse("foreign", self.token, "`{…}` is no list", hint)
        if self.token.text != ":":
            self.refuse("syntax", self.token, f"`:` is missing after {code(token.text)}")
        if key in keys:
            self.refuse("syntax", token, f"{code(token.text)} is there twice", "leave one out")
        self.take()
        return key
