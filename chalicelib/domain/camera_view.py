"""What people set on a camera from the console: what is looked for, where in its picture, and when."""

from chalicelib.domain.city import CityPack

VIEW_FIELDS = ("profile", "road_zone_rel", "masks", "schedules", "road_zones", "stopped_after_s", "crowd")


def differing_views(one: CityPack, other: CityPack) -> tuple[str, ...]:
    """The cameras of both packs whose views differ."""
    return tuple(
        camera.id
        for camera in one.cameras
        if (known := other.camera(camera.id)) is not None
        and any(getattr(camera, name) != getattr(known, name) for name in VIEW_FIELDS)
    )
