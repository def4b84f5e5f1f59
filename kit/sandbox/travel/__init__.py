"""Values that travel from the process of a learner to another: typed JSON and raw buffers.

Only values of known, exact types travel, rebuilt from their parts; nothing that arrives is
executed, imported or called. A value that is not among them raises StaysError, and what does
not decode raises FrameError.
"""

from kit.sandbox.travel.codec import MAX_BYTES, Packed, Packer, StaysError, pack, unpack
from kit.sandbox.travel.foresight import Foresight
from kit.sandbox.travel.names import Names, pack_names, say_given, take_given, unpack_names
from kit.sandbox.travel.peer import Peer
from kit.sandbox.travel.stand_ins import forget_stand_ins

__all__ = ["MAX_BYTES", "Foresight", "Names", "Packed", "Packer", "Peer", "StaysError",
           "forget_stand_ins", "pack", "pack_names", "say_given", "take_given", "unpack",
           "unpack_names"]
