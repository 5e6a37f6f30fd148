"""When a saved search runs next."""

from datetime import datetime, timezone, tzinfo

from dateutil.relativedelta import relativedelta

from odoo.addons.crm_common.tools.zones import zone_of

_UTC = timezone.utc
STEPS = {
    "daily": relativedelta(days=1),
    "weekly": relativedelta(weeks=1),
    "monthly": relativedelta(months=1),
}


def next_moment(schedule: str, last: datetime, after: datetime, zone: str, day: int) -> datetime:
    """Return the first time of a schedule after a moment: the same time of day at its place.

    :param schedule: a key of `STEPS`
    :param last: when it ran or should have run, in UTC without a zone, as `after` and the answer
    :param zone: the owner's IANA time zone: a schedule of 9 o'clock stays at 9 o'clock in summer
    :param day: the day of a monthly schedule; in shorter months the last one stands for it
    """
    place = zone_of(zone)
    local = _moved(last, _UTC, place)
    of_month = relativedelta(day=day) if schedule == "monthly" else relativedelta()
    moment = last
    while moment <= after:
        local += STEPS[schedule] + of_month
        moment = _moved(local, place, _UTC)
    return moment


def month_day(moment: datetime, zone: str, day: int) -> int:
    """Return the day of a monthly schedule whose next time this is.

    :param day: what it was, 0 if it begins; it stays where the moment is the last day of a month
        without it
    """
    local = _moved(moment, _UTC, zone_of(zone))
    is_last = (local + relativedelta(days=1)).day == 1
    return max(day, local.day) if is_last else local.day


def _moved(moment: datetime, before: tzinfo, then: tzinfo) -> datetime:
    return moment.replace(tzinfo=before).astimezone(then).replace(tzinfo=None)
