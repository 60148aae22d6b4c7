"""The kinds of incident that ship.

A kind is data (a head, a policy, a route), so code never branches on these names except where a kind has a sensor of
its own: the watchlist and the camera itself.
"""

FIRE_SMOKE = "fire_smoke"
FLOOD = "flood"
CONGESTION = "congestion"
GARBAGE = "garbage"
WATCHLIST_CANDIDATE = "watchlist_candidate"
CAMERA_FAULT = "camera_fault"
STOPPED_VEHICLE = "stopped_vehicle"
CROWD = "crowd"

SCENE_KINDS = (FIRE_SMOKE, FLOOD, CONGESTION, GARBAGE)
