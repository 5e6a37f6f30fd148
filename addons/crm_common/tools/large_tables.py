"""Columns and indexes for tables that others read and write while an addon is installed.

Odoo makes an addon's columns and indexes in the transaction that loads its data, and keeps the
tables locked until its end. Made before by the addon's `pre_init_hook`, each in a transaction of
its own, they lock a table for a moment; Odoo finds them there and goes on.
"""

import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2

from odoo.exceptions import UserError
from odoo.models import Constraint, Index, MetaModel
from odoo.tools import SQL, sql

#: Milliseconds that a change waits for its table, as long as those wait who come behind it.
LOCK_TIMEOUT = 500
#: Seconds between two tries.
PAUSE = 1
#: Seconds after which an installation is given up rather than kept waiting.
PATIENCE = 60
#: Models of Odoo's that ask for their index IF NOT EXISTS, which locks the table even if it does.
_LOCKING = ("analytic.mixin", "res.users.apikeys")
_REFERRING = ("many2one", "many2many")


def prepare(
    env: Any, model_name: str, *definitions: Any, computed: dict[str, Any] | None = None
) -> None:
    """Make the columns, indexes and constraints that an addon adds to a model, before Odoo does.

    Commits what was done before, and each change. Odoo computes no values of these columns.

    :param definitions: the addon's classes of the model, and of the mixins that it gives it
    :param computed: values of computed columns in rows that exist, where that is not NULL
    :raise UserError: when somebody keeps the table for longer than it is waited for
    """
    model, table = env[model_name], env[model_name]._table
    env.cr.commit()  # an index would wait for this transaction to end, and it for the index
    with _own_connection(env) as cr:
        known = sql.table_columns(cr, table)
        missing = [field for field in _columns(definitions) if field.name not in known]
        if missing:
            _add_columns(env, cr, model, missing, computed or {})
        for name, definition, comment in _indexes(model, definitions):
            _add_index(env, cr, table, name, definition, comment)
        for definition in definitions:
            for constraint in definition._table_object_definitions:
                if isinstance(constraint, Constraint):
                    _add_constraint(env, cr, model, constraint)


def claim(env: Any, addon: str) -> None:
    """Have all tables that loading an addon keeps others from, or none of them.

    Odoo would take them one by one, and come to wait for somebody who waits for it: PostgreSQL
    would end one of the two. An addon needs this if it has to have more than one of them.

    :raise UserError: when somebody keeps one of them for longer than it is waited for
    """
    definitions = MetaModel._module_to_models__[addon]
    extended = {definition._name for definition in definitions if _has_table(env, definition._name)}
    columns = {name: sql.table_columns(env.cr, env[name]._table) for name in extended}
    added = [(name, field) for name, field in _added(env, definitions) if field.store]
    widened = {
        name
        for name, field in added
        if name in columns and field.column_type and field.name not in columns[name]
    }
    referred = {field.comodel_name for _, field in added if field.type in _REFERRING}
    loaded, locking = (env.registry.descendants(one, "_inherit") for one in (extended, _LOCKING))
    written = {"res.users"} | extended | referred | (set(loaded) & set(locking))
    locks = [
        SQL("LOCK TABLE %s IN %s MODE;", SQL(", ").join(map(SQL.identifier, tables)), SQL(mode))
        for names, mode in ((widened, "ACCESS EXCLUSIVE"), (written, "SHARE ROW EXCLUSIVE"))
        if (tables := sorted(env[name]._table for name in names if _has_table(env, name)))
    ]
    _try(env, env.cr, SQL("SET LOCAL lock_timeout = %s; %s", LOCK_TIMEOUT, SQL(" ").join(locks)))
    env.cr.execute("SET LOCAL lock_timeout = 0")


def _added(env: Any, definitions: Collection[Any]) -> Iterator[tuple[str, Any]]:
    """Yield (model, field) for the fields that classes give to models, by mixins as well."""
    for definition in definitions:
        mixed_in = set(definition._inherit) - {definition._name}
        classes = [definition, *(one for one in definitions if one._name in mixed_in)]
        fields = [field for one in classes for field in one._field_definitions]
        for parent in mixed_in & set(env.registry):
            fields += env[parent]._fields.values()
        yield from ((definition._name, field) for field in fields)


def _has_table(env: Any, name: str) -> bool:
    return name in env and env[name]._is_an_ordinary_table()


@contextmanager
def _own_connection(env: Any) -> Iterator[Any]:
    """Yield a cursor whose statements are each a transaction."""
    with closing(env.registry.cursor()) as cr:
        cr.connection.autocommit = True
        try:
            yield cr
        finally:
            cr.execute("RESET lock_timeout")
            cr.connection.autocommit = False


def _columns(definitions: Collection[Any]) -> list[Any]:
    return [
        field
        for definition in definitions
        for field in definition._field_definitions
        if field.store and field.column_type
    ]


def _add_columns(
    env: Any, cr: Any, model: Any, columns: list[Any], computed: dict[str, Any]
) -> None:
    """Add them all at once, which rewrites no row.

    Defaults are the database's as well: processes that do not know the addon go on inserting.
    """
    table = SQL.identifier(model._table)
    additions = SQL(", ").join(
        SQL("ADD COLUMN %s %s%s", SQL.identifier(field.name), SQL(field.column_type[1]), default)
        for field in columns
        for default in [_default(model, field, computed.get(field.name))]
    )
    _change(env, cr, SQL("ALTER TABLE %s %s", table, additions))
    for field in columns:
        column = SQL.identifier(model._table, field.name)
        cr.execute(SQL("COMMENT ON COLUMN %s IS %s", column, field.string))


def _default(model: Any, field: Any, value: Any) -> SQL:
    if value is None and field.default:
        written = field.convert_to_write(field.default(model), model)
        value = field.convert_to_column_insert(written, model)
    if value is None:
        return SQL()
    return SQL(" DEFAULT %s NOT NULL" if field.required else " DEFAULT %s", value)


def _add_constraint(env: Any, cr: Any, model: Any, constraint: Any) -> None:
    name = constraint.full_name(model)
    definition = constraint.get_definition(model.pool)
    if sql.constraint_definition(cr, model._table, name):
        return
    table, name = SQL.identifier(model._table), SQL.identifier(name)
    checked = SQL(definition.replace("%", "%%"))
    _change(env, cr, SQL("ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID", table, name, checked))
    cr.execute(SQL("ALTER TABLE %s VALIDATE CONSTRAINT %s", table, name))
    cr.execute(SQL("COMMENT ON CONSTRAINT %s ON %s IS %s", name, table, definition))


def _indexes(model: Any, definitions: Collection[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (name, definition, comment) as Odoo makes them; unique ones are left to it."""
    for field in _columns(definitions):
        if field.index in ("btree", "btree_not_null", True):
            where = f' WHERE "{field.name}" IS NOT NULL' * (field.index == "btree_not_null")
            yield sql.make_index_name(model._table, field.name), f'("{field.name}"){where}', ""
    for definition in definitions:
        for index in definition._table_object_definitions:
            if isinstance(index, Index) and not index.unique:
                comment = index.get_definition(model.pool)
                if comment:
                    yield index.full_name(model), comment.removeprefix("INDEX "), comment


def _add_index(env: Any, cr: Any, table: str, name: str, definition: str, comment: str) -> None:
    """Build an index while the table is written to."""
    cr.execute(
        SQL("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", f'"{name}"')
    )
    if found := cr.fetchone():
        if found[0]:
            return
        # What an installation that was interrupted has left.
        _drop_index(env, cr, name)
    # It waits for the end of transactions that began before it; nobody waits behind it.
    cr.execute(SQL("SET lock_timeout = %s", PATIENCE * 1000))
    try:
        cr.execute(
            SQL(
                "CREATE INDEX CONCURRENTLY %s ON %s %s",
                SQL.identifier(name),
                SQL.identifier(table),
                SQL(definition.replace("%", "%%")),
            ),
            log_exceptions=False,
        )
    except psycopg2.errors.LockNotAvailable as error:
        _drop_index(env, cr, name)
        raise _in_use(env, cr) from error
    if comment:
        cr.execute(SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), comment))


def _drop_index(env: Any, cr: Any, name: str) -> None:
    _change(env, cr, SQL("DROP INDEX IF EXISTS %s", SQL.identifier(name)))


def _change(env: Any, cr: Any, statement: SQL) -> None:
    """Run a statement that has a table for itself, in a moment when nobody uses the table."""
    cr.execute(SQL("SET lock_timeout = %s", LOCK_TIMEOUT))
    _try(env, cr, statement)


def _try(env: Any, cr: Any, statement: SQL) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return cr.execute(statement, log_exceptions=False)
        except psycopg2.errors.LockNotAvailable as error:
            cr.rollback()  # and so lets go of the tables that it has
            if time.monotonic() > deadline:
                raise _in_use(env, cr) from error
            time.sleep(PAUSE)


def _in_use(env: Any, cr: Any) -> UserError:
    cr.execute(
        """
        SELECT pid, date_trunc('second', xact_start) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()
           AND xact_start IS NOT NULL
         ORDER BY xact_start LIMIT 1
        """
    )
    pid, since = cr.fetchone() or ("?", "?")
    return UserError(
        env._(
            "The addon could not be installed while tables that it extends are in use. The oldest "
            "transaction of the database is that of PostgreSQL's process %(pid)s, open since "
            "%(since)s. Install again once it is done.",
            pid=pid,
            since=since,
        )
    )
