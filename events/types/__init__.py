"""The built-in event types, one file a family, in the order of the design's table. Holds no rules of its own."""

# The order of these imports is the order of the types in a chronology.
from events.types import case as case  # isort: skip
from events.types import treatment as treatment  # isort: skip
from events.types import supply as supply  # isort: skip
from events.types import death as death  # isort: skip
from events.types import justice as justice  # isort: skip
from events.types import communication as communication  # isort: skip
from events.types import claims as claims  # isort: skip
from events.types import amendments as amendments  # isort: skip
from events.types import log as log  # isort: skip
from events.types import other as other  # isort: skip
