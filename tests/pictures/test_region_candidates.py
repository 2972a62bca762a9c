"""Boxes that may show a garment: parts that do not touch, and places on a person."""

from PIL import Image, ImageDraw

from recommender.pictures.region_candidates import MOST, candidates

WHITE, RED, BLUE = (255, 255, 255), (190, 30, 40), (30, 60, 160)
Box = tuple[int, int, int, int]


def drawn(*boxes: Box, size: tuple[int, int] = (300, 400)) -> Image.Image:
    """A studio shot of plain things, left, top, right and bottom in pixels each."""
    picture = Image.new("RGB", size, WHITE)
    for number, box in enumerate(boxes):
        ImageDraw.Draw(picture).rectangle(box, fill=(RED, BLUE)[number % 2])
    return picture


def places(*boxes: Box) -> list[str]:
    return [candidate.place for candidate in candidates(drawn(*boxes))]


def test_one_thing_is_the_whole_and_nothing_else() -> None:
    assert places((80, 120, 220, 280)) == ["whole"]


def test_things_that_do_not_touch_are_parts_with_the_largest_first() -> None:
    small, large = (20, 20, 90, 80), (120, 150, 280, 300)
    found = candidates(drawn(small, large))
    assert [candidate.place for candidate in found] == ["whole", "part", "part"]
    left, top, right, bottom = found[1].box
    assert abs(left - 0.4) + abs(top - 0.375) + abs(right - 0.933) + abs(bottom - 0.75) < 0.05
    whole = found[0].box
    assert abs(whole[0] - 20 / 300) < 0.01
    assert abs(whole[3] - 0.75) < 0.01


def test_a_standing_figure_has_places_from_top_to_toe() -> None:
    found = candidates(drawn((110, 20, 190, 380)))
    assert [c.place for c in found] == ["whole", "upper", "lower", "lower", "lower", "feet"]
    assert found[1].box[3] < 0.6
    assert found[-1].box[1] > 0.8


def test_crumbs_are_no_parts_and_a_crowd_is_cut_short() -> None:
    assert places((80, 120, 220, 280), (10, 10, 16, 16)) == ["whole"]
    crowd = [(x, y, x + 40, y + 40) for x in (10, 110, 210) for y in (10, 110, 210, 310)]
    assert len(places(*crowd)) == MOST


def test_an_empty_picture_has_none() -> None:
    assert candidates(Image.new("RGB", (200, 200), WHITE)) == []
