"""What lies in the law's tables, beside those of models.py and by the same manner.

Key schema (S string, N number), all on demand:

* audit: hash `chain` S, range `sequence` N; time to live `expires_at` N; sequence 0 of `once#<key>` is no record but
  remembers that something was recorded
* law: hash `id` S (`entry#<id>`, `authorisation#<id>`, `hold#<id>`, `request#<id>`), range `item` S (`state` or
  `deed#000001`); index `kept`: hash `feed` S (the words before `#`; only on states), range `changed_at` S, all of it

Nothing biometric is ever in them: portraits and templates are objects in a bucket of their own.
"""

from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

STATE = "state"
DEED_PREFIX = "deed#"
ONCE_PREFIX = "once#"


class AuditItem(Model):
    """A record of the audit, as the very line that its hash is of."""

    chain = UnicodeAttribute(hash_key=True)
    sequence = NumberAttribute(range_key=True)
    line = UnicodeAttribute(null=True)
    expires_at = TTLAttribute(null=True)


class KeptIndex(GlobalSecondaryIndex["LawItem"]):  # type: ignore[no-untyped-call]  # PynamoDB forgot it
    """States by their last change."""

    class Meta:
        index_name = "kept"
        projection = AllProjection()

    feed = UnicodeAttribute(hash_key=True)
    changed_at = UTCDateTimeAttribute(range_key=True)


class LawItem(Model):
    """The state of a record, which alone has `version`, `feed` and `changed_at`, or a deed that made it so."""

    id = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True)
    document = UnicodeAttribute()
    version = NumberAttribute(null=True)
    feed = UnicodeAttribute(null=True)
    changed_at = UTCDateTimeAttribute(null=True)
    kept_index = KeptIndex()
