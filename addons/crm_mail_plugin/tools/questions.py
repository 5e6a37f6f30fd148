"""Several questions to the database by one statement: each statement is a way there and back."""

from typing import Any

from odoo.tools import SQL


def ask(env: Any, questions: dict[str, SQL]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each question by its name, in the order that the question gives them.

    :param env: the environment to ask in; what it has not written yet is not seen
    :param questions: queries, whose columns have names; of types that JSON has
    """
    if not questions:
        return {}
    answers = (
        SQL("(SELECT json_agg(answer) FROM (%s) AS answer)", query) for query in questions.values()
    )
    [told] = env.execute_query(SQL("SELECT %s", SQL(", ").join(answers)))
    return {name: rows or [] for name, rows in zip(questions, told, strict=True)}
