"""Who listens, and what of all that happens is theirs to hear: the same rights that decide what they may read."""

from fastapi import Request

from api.access.allowing import VISITOR, Callers, opening_of, secret_of
from api.bootstrap import Services
from api.http.askers import Asker, asker_of
from gridsvc.accounts.rights import check_right, is_within, reach
from gridsvc.errors import Busy, NotAllowed, NotReady, SignInRequired
from gridsvc.model.accounts import Action, Caller, Reach
from gridsvc.model.work import Message, Topic

ACTIONS = {
    Topic.INCIDENT_RECORDED: Action.READ_INCIDENTS,
    Topic.INCIDENT_CHANGED: Action.READ_INCIDENTS,
    Topic.DISPUTE_OPENED: Action.READ_DISPUTES,
    Topic.DISPUTE_DECIDED: Action.READ_DISPUTES,
    Topic.ROSTER_CHANGED: Action.READ_ROSTER,
    Topic.EDITION_PUBLISHED: Action.READ_EDITIONS,
    Topic.JOB_CHANGED: Action.READ_JOBS,
}
"""What one must be allowed to read to hear of it."""


class Listener:
    """The caller behind one stream. Rights are looked up again now and then: a session ends, a role changes."""

    def __init__(self, request: Request, caller: Caller) -> None:
        self._request = request
        self._services: Services = request.app.state.services
        self._callers: Callers = request.app.state.callers
        self._changes: int | None = None
        self._secret = secret_of(request)
        self._set(caller)
        if not self._far:
            check_right(caller, Action.READ_EDITIONS, opening_of(self._services))

    @property
    def asker(self) -> Asker:
        """By whom streams are counted."""
        return asker_of(self._request, self.caller)

    def hears(self, message: Message) -> bool:
        """Whether a message is about something that the caller may read."""
        far = self._far.get(message.topic)
        return far is not None and is_within(
            self.caller, far, areas=message.areas, departments=message.departments, made_by=message.made_by
        )

    @property
    def seen(self) -> tuple[str, int] | None:
        """The digest by which the caller was looked up, and the account's version then; None for a visitor."""
        if self._secret is None or self.caller.account is None:
            return None
        return self._secret.partition(" ")[2], self.caller.account.version

    def doubt(self) -> None:
        """What was looked up may no longer be so."""
        self._changes = None
        if self._secret is not None:
            self._callers.doubt(self._secret)

    @property
    def is_as_looked_up(self) -> bool:
        """Whether nobody's account, session or token was changed in this process since the caller was looked up, and
        nothing doubted.
        """
        return self._changes == self._callers.changes

    async def is_still_there(self) -> bool:
        """Look the caller up again; False when the session has ended, the token works no more or rights are gone.

        While the database cannot be asked nothing new is heard either, so that the stream may stay.
        """
        changes = self._callers.changes
        try:
            known = await self._callers.find(self._request)
        except (SignInRequired, NotAllowed):
            return False
        except (NotReady, Busy):
            return True
        caller = VISITOR if known is None else known.caller
        if caller.login != self.caller.login:
            return False
        self._set(caller)
        self._changes = changes
        return bool(self._far)

    def _set(self, caller: Caller) -> None:
        self.caller = caller
        opening = opening_of(self._services)
        reaches = {topic: reach(caller, action, opening) for topic, action in ACTIONS.items()}
        self._far = {topic: far for topic, far in reaches.items() if far is not Reach.NONE}
