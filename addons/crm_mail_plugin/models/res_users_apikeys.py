import collections
import dataclasses
import datetime
import hashlib
import threading

from odoo import api, models
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.base.models.res_users import INDEX_SIZE, KEY_CRYPT_CONTEXT

#: Scope of an add-in's token: what stock's ``_auth_method_outlook`` asks for.
ADDIN_SCOPE = "odoo.plugin.outlook"
REMEMBERED_KEYS = 4096
_remembered = collections.OrderedDict()
_remembered_lock = threading.Lock()


@dataclasses.dataclass(frozen=True)
class AddinKey:
    """A valid token.

    :ivar id: of the key in ``res.users.apikeys``
    :ivar user_id: id of its user
    :ivar is_due: whether its use was not noted for an hour
    """

    id: int
    user_id: int
    is_due: bool


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _check_credentials(self, *, scope, key):
        """Extend `base`: an add-in's key is recognized faster, and only by its own scope.

        Keys without a scope open everything else, but are no mailbox that could be shown and
        disconnected as one.
        """
        if scope != ADDIN_SCOPE:
            return super()._check_credentials(scope=scope, key=key)
        found = self._find_addin_key(key)
        if request:
            # Who has asked counts the request by its token, and would look for it again.
            request.addin_key = found
        return found and found.user_id

    @api.private
    def generate_for_addin(self, name: str, origin: str, life_days: int, device: str = "") -> str:
        """Make the token of a newly connected mailbox for the current user.

        An add-in keeps one token in a browser, so the one that it had there before is revoked.

        :param name: of the add-in
        :param origin: scheme and host that asked
        :param life_days: how long it lives unused
        :param device: random name of the browser, "" where it keeps no token
        :return: the token
        """
        # sudo: how long it lives is the administrator's choice, not bounded by the user's group.
        keys_sudo = self.sudo()
        expiration = datetime.datetime.now() + datetime.timedelta(days=life_days)
        key = keys_sudo._generate(ADDIN_SCOPE, name, expiration)
        [[key_id]] = self.env.execute_query(
            SQL(
                "SELECT max(id) FROM res_users_apikeys WHERE user_id = %s AND index = %s",
                self.env.uid,
                key[:INDEX_SIZE],
            )
        )
        mailbox = {"name": name, "origin": origin, "device": device, "user_id": self.env.uid}
        connections_sudo = keys_sudo.env["mail.plugin.connection"]
        if device:
            same = [(field, "=", value) for field, value in mailbox.items()]
            connections_sudo.search(same).key_id.unlink()
        connections_sudo.create({**mailbox, "key_id": key_id})
        return key

    def _find_addin_key(self, key: str) -> AddinKey | None:
        """Return the valid token that `key` is, None when it is none.

        The slow comparison with the stored hash is made once per process; that the token still
        exists, lives and belongs to an active user is read every time.
        """
        digest = self._digest(key)
        stored = _remembered.get(digest)
        for key_id, user_id, crypted, is_due in self._read_addin_keys(key[:INDEX_SIZE]):
            if stored == crypted or KEY_CRYPT_CONTEXT.verify(key, crypted):
                self._remember(digest, crypted)
                return AddinKey(key_id, user_id, is_due)
        return None

    def _read_addin_keys(self, index: str) -> list[tuple]:
        return self.env.execute_query(
            SQL(
                """
                SELECT key.id, key.user_id, key.key,
                       connection.last_use IS NULL
                       OR connection.last_use < now() AT TIME ZONE 'utc' - interval '1 hour'
                  FROM res_users_apikeys key
                  JOIN res_users u ON u.id = key.user_id AND u.active
                  LEFT JOIN mail_plugin_connection connection ON connection.key_id = key.id
                 WHERE key.index = %s AND key.scope = %s
                   AND (key.expiration_date IS NULL
                        OR key.expiration_date >= now() AT TIME ZONE 'utc')
                """,
                index,
                ADDIN_SCOPE,
            )
        )

    def _digest(self, key: str) -> tuple[str, bytes]:
        return self.env.cr.dbname, hashlib.sha256(key.encode()).digest()

    def _remember(self, digest: tuple[str, bytes], crypted: str) -> None:
        with _remembered_lock:
            _remembered[digest] = crypted
            _remembered.move_to_end(digest)
            while len(_remembered) > REMEMBERED_KEYS:
                _remembered.popitem(last=False)
