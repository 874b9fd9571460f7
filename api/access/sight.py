"""How far a right lets one see, for the store to select by."""

from api.access.allowing import Access
from gridsvc.model.accounts import Reach
from gridsvc.model.incidents import Sight


def sight_of(access: Access) -> Sight:
    """The same as `Access.covers`, as conditions on rows."""
    account = access.caller.account
    if access.far is Reach.ALL:
        return Sight(everything=True)
    if account is None or access.far is Reach.NONE:
        return Sight()
    if access.far is Reach.OWN:
        return Sight(login=account.login)
    return Sight(login=account.login, scoped=True, area=account.area, department=account.department)
