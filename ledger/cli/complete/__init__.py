"""Shell completion: what is offered when Tab is pressed, by names and by pinyin initials.

Reads the ledger's files as plain YAML, without models, to answer quickly; offers nothing outside a ledger and where something
cannot be read. The scripts in `completion` pass the words before the cursor as arguments, the word at the cursor
behind a `=` in LEDGER_COMPLETE. The answer has a line for each offer: the word, a tab, and what it is. Scripts that typer
made ask in another way (_LEDGER_COMPLETE) and are answered in typer's form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from ledger.cli import commands
from ledger.cli.complete.ledger_words import LineInLedger
from ledger.cli.complete.offers import OFFERS, Offer
from ledger.cli.complete.typed_line import TypedLine
from ledger.cli.context import AppContext
from ledger.cli.program import Program

TYPER = "_LEDGER_COMPLETE"


def answer(words: Sequence[str], context: AppContext) -> None:
    """Write the offers for the word at the cursor."""
    if TYPER in context.env.environ and context.env.completing is None:
        _answer_typer(context)
        return
    try:
        offers = list(_offers(words, context.env.completing or "", context))
    except Exception:  # an error message would be written into the line that is being typed
        return
    context.env.stdout.writelines(f"{word}\t{' '.join(about.split())}\n" for word, about in offers)


def _answer_typer(context: AppContext) -> None:
    """Answer a script that typer made: _LEDGER_COMPLETE says for which shell, and typer has a form for each."""
    from typer._click.shell_completion import CompletionItem, get_completion_class
    from typer._completion_classes import completion_init

    def offered(words: list[str], word: str) -> list[CompletionItem]:
        with suppress(Exception):
            return [CompletionItem(name, help=about or None) for name, about in _offers(words, word, context)]
        return []

    completion_init()
    shell = get_completion_class(context.env.environ[TYPER].removeprefix("complete_"))
    if shell is not None:
        completer = shell(None, {}, "ledger", TYPER)  # type: ignore[arg-type]
        setattr(completer, "get_completions", offered)  # noqa: B010 - typer keeps only what begins with the word
        context.env.stdout.write(f"{completer.complete()}\n")


def _offers(words: Sequence[str], word: str, context: AppContext) -> Iterator[Offer]:
    line = TypedLine.parse(words)
    parameter = line.awaiting
    if parameter is None and word.startswith("-") and not line.options_ended:
        flag, sign, value = word.partition("=")
        if not sign:
            yield from _flags(line, word)
            return
        word, (_, parameter) = value, line.option(flag)
    elif parameter is None and line.command is Program:
        yield from _commands(line.group, word)
        return
    elif parameter is None:
        parameter = (line.next_argument() or ("", None))[1]
    if parameter is None or parameter.type is None:
        return
    if parameter.offers:
        yield from OFFERS[parameter.offers](LineInLedger.of(line.given, context), word)
    else:
        yield from ((choice, "") for choice in parameter.type.choices if choice.startswith(word))


def _commands(group: str, word: str) -> Iterator[Offer]:
    """Offer the commands, or those of a group, that begin with a word."""
    for name, about in commands.summaries(group):
        last = name.rpartition(" ")[2]
        if last.startswith(word):
            yield last, about


def _flags(line: TypedLine, word: str) -> Iterator[Offer]:
    """Offer the options that begin with a word and were not given yet."""
    for name, parameter in line.command.parameters.items():
        if parameter.many or name not in line.given:
            yield from (
                (flag, parameter.help) for flag in (*parameter.flags, *parameter.off) if flag.startswith(word)
            )
    if "--help".startswith(word):
        yield "--help", "显示这页帮助。"
