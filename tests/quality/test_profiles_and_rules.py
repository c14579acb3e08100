"""The profiles' numbers, each at its border, and what a check and a repair do with them."""

from pathlib import Path

import pytest

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.errors import UserError
from vtt_desktop.quality.checker import check_quality
from vtt_desktop.quality.fixes import mended
from vtt_desktop.quality.profiles import load_profile, profile_names


def cue(start: int, end: int, text: str = "Hi.", cue_id: int = 1, settings: str = "") -> Cue:
    return Cue(cue_id, start, end, text, settings=settings)


def rules(profile: str, *cues: Cue, fps: float | None = None) -> list[str]:
    return [problem.rule for problem in check_quality(cues, load_profile(profile, fps))]


# chars/line, lines, CPS, shortest, longest, as in the tables of those who wrote them
NUMBERS = [
    ("subtitle-edit", 43, 2, 25, 1000, 8000),
    ("netflix-en", 42, 2, 20, 833, 7000),
    ("netflix-en-children", 42, 2, 17, 833, 7000),
    ("netflix-latin", 42, 2, 17, 833, 7000),
    ("netflix-latin-children", 42, 2, 13, 833, 7000),
    ("netflix-zh", 16, 2, 9, 833, 7000),
    ("netflix-ko", 16, 2, 12, 833, 7000),
    ("netflix-ja", 13, 2, 4, 500, 7000),
    ("bbc", 37, 2, 0, 0, 0),
    ("bbc-vertical", 37, 3, 0, 0, 0),
    ("arte", 40, 2, 20, 1000, 10_000),
    ("amazon", 42, 2, 17, 1000, 7000),
    ("ted", 42, 2, 21, 700, 7000),
    ("vertical", 24, 2, 25, 700, 5000),
]


@pytest.mark.parametrize("numbers", NUMBERS, ids=lambda numbers: numbers[0])
def test_each_number_holds_at_its_border(numbers: tuple[str, int, int, int, int, int]) -> None:
    name, characters, lines, cps, shortest, longest = numbers
    long = longest or 5000
    assert rules(name, cue(0, long, "x" * characters)) == []
    assert "line-length" in rules(name, cue(0, long, "x" * (characters + 1)))
    assert rules(name, cue(0, long, "\n".join("x" * lines))) == []
    assert rules(name, cue(0, long, "\n".join("x" * (lines + 1)))) == ["line-count"]
    if cps:
        assert rules(name, cue(0, 1000, "x" * min(cps, characters))) == []
        assert "reading-speed" in rules(name, cue(0, 1000, f"{'x' * cps}\nx"))
    if longest:
        assert rules(name, cue(0, shortest, "x")) == []
        assert rules(name, cue(0, shortest - 1, "x")) == ["duration-short"]
        assert rules(name, cue(0, longest, "x")) == []
        assert rules(name, cue(0, longest + 1, "x")) == ["duration-long"]


def test_every_profile_has_its_numbers_tested() -> None:
    assert profile_names() == sorted(name for name, *_ in NUMBERS)


@pytest.mark.parametrize(
    ("profile", "good", "bad"),
    [
        ("subtitle-edit", [24, 100], [0, 23]),
        ("netflix-en", [83, 84, 500, 2000], [0, 82, 125, 458]),
        ("bbc", [0, 1500], [1, 999, 1000, 1499]),
        ("arte", [200], [0, 199]),
        ("amazon", [83], [82]),
        ("ted", [0, 1], []),
        ("vertical", [0, 1], []),
    ],
)
def test_gaps(profile: str, good: list[int], bad: list[int]) -> None:
    for gap in good:
        assert rules(profile, cue(0, 2000), cue(2000 + gap, 5000 + gap, cue_id=2)) == [], gap
    for gap in bad:
        assert rules(profile, cue(0, 2000), cue(2000 + gap, 5000 + gap, cue_id=2)) == ["gap"], gap


def test_frames_are_those_of_the_film() -> None:
    pair = cue(0, 2000), cue(2070, 5000, cue_id=2)
    assert rules("netflix-en", *pair) == ["gap"]
    assert rules("netflix-en", *pair, fps=29.97) == []
    with pytest.raises(UserError, match="above nought"):
        load_profile("netflix-en", 0)


def test_cues_that_cover_each_other_but_not_those_placed_elsewhere() -> None:
    assert rules("netflix-en", cue(0, 2000), cue(1999, 4000, cue_id=2)) == ["overlap"]
    assert rules("netflix-en", cue(0, 2000), cue(1999, 4000, cue_id=2, settings="line:0")) == []
    behind_a_long_one = cue(0, 6000), cue(1000, 2000, cue_id=2), cue(3000, 5000, cue_id=3)
    assert rules("netflix-en", *behind_a_long_one) == ["overlap", "overlap"]


def test_the_bbc_counts_words() -> None:
    assert rules("bbc", cue(0, 10_000, "\n".join(["a " * 15] * 2))) == []
    assert rules("bbc", cue(0, 9500, "\n".join(["a " * 15] * 2))) == ["reading-speed"]  # 189 a minute
    found = list(check_quality([cue(0, 299, "a")], load_profile("bbc")))
    assert [one.message for one in found] == ["1 words are shown 299 ms; each needs 300 ms."]


@pytest.mark.parametrize(
    ("text", "characters"),
    [("<v Ann><i>a</i>", 1), ("&amp;&lt;", 2), ("a\nb", 2), ("e\u0301", 1), ("字", 1), ("a\u00adb", 2)],
)
def test_what_is_read_is_counted(text: str, characters: int) -> None:
    made = cue(0, 100, text)
    said = next(p.message for p in check_quality([made], load_profile("ted")) if p.rule == "duration-short")
    assert said == "It is shown 100 ms; 700 ms is the least."
    speed = [
        p.message for p in check_quality([made.at(0, 1)], load_profile("ted")) if p.rule == "reading-speed"
    ]
    assert speed == [f"It is read at {characters * 1000}.0 characters a second; 21 is the most."]


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    house = tmp_path / "house.toml"
    house.write_text('title = "House"\nlike = "netflix-en"\n[lines]\ncharacters = 10\n')
    (found,) = check_quality([cue(0, 2000, "x" * 11)], load_profile(str(house)))
    assert (found.rule, found.section) == ("line-length", "House")
    assert found.message == "A line has 11 characters; 10 are allowed."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[gap]\nms = = 2", ", line 2: this is not valid TOML at column 6: Invalid value."),
        ("[", ", line 1: this is not valid TOML"),
        (
            '[gap]\n# wide\npolicy = "wide"',
            ", line 3: “gap.policy” is 'wide'; allowed are 'least', 'close', 'long-or-none'.",
        ),
        ("[gap]\npolicy = 2", ", line 2: “gap.policy” is 2; allowed are 'least', 'close', 'long-or-none'."),
        ("[lines]\nmost = -1", ", line 2: “lines.most” is -1; it must be a whole number, nought or more."),
        ("lines.most = 2.5", ", line 1: “lines.most” is 2.5; it must be a whole number, nought or more."),
        ("[speed]\ncps = nan", ", line 2: “speed.cps” is nan; it must be a number, nought or more."),
        ("[speed]\ncps = true", ", line 2: “speed.cps” is True; it must be a number, nought or more."),
        ("[lines]\nwidth = 3", ", line 2: “lines.width” is not a key here; allowed are characters, most."),
        ("lines = 3", ", line 1: “lines” must be a table."),
        (
            "\n[colour]\nred = 1",
            ", line 2: “colour” is not a key here; "
            "allowed are duration, fps, gap, like, lines, speed, title.",
        ),
        ("title = 7", ", line 1: “title” is 7; it must be text in quotes."),
        ("fps = 0", ", line 1: “fps” is 0; it must be a number above nought."),
        ("fps = inf", ", line 1: “fps” is inf; it must be a number above nought."),
        ("like = 3", ", line 1: “like” is 3; it must be text in quotes."),
        (
            'title = "a"\nlike = "nobody"',
            ", line 2: “like” is 'nobody', and there is no such profile. There are: amazon,",
        ),
    ],
)
def test_a_profile_that_says_nonsense_is_told_with_file_line_and_what_is_allowed(
    tmp_path: Path, text: str, said: str
) -> None:
    house = tmp_path / "house.toml"
    house.write_text(text)
    with pytest.raises(UserError) as told:
        load_profile(str(house))
    assert str(told.value).startswith(f"{house}{said}")


def test_a_mistake_in_the_profile_that_another_is_like_is_told_of_its_own_file(tmp_path: Path) -> None:
    house, town = tmp_path / "house.toml", tmp_path / "town.toml"
    house.write_text(f"like = '{town}'\n[lines]\nmost = 2\n")
    town.write_text("[lines]\n\nmost = 'two'\n")
    with pytest.raises(UserError, match="town.toml, line 3: “lines.most” is 'two'"):
        load_profile(str(house))
    town.write_bytes(b"title = 'a'\n# \xff\n")
    with pytest.raises(UserError, match="town.toml is not a text file in UTF-8"):
        load_profile(str(house))


def test_a_profile_that_an_editor_gave_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    house = tmp_path / "house.toml"
    house.write_bytes(b"\xef\xbb\xbftitle = 'House'\n")
    assert load_profile(str(house)).title == "House"


def test_a_profile_cannot_be_like_itself(tmp_path: Path) -> None:
    house = tmp_path / "house.toml"
    house.write_text(f'like = "{house}"')
    with pytest.raises(UserError, match="house.toml, line 1: “like” leads to itself again"):
        load_profile(str(house))


def test_what_can_be_mended_without_another_problem() -> None:
    profile = load_profile("netflix-en")
    film = [
        cue(0, 300, "Short.", 1),  # there is room for it
        cue(2000, 3700, "Close the gap.", 2),
        cue(3950, 6000, "This line is much longer than a line may be, you see?", 3),
        cue(6100, 6200, "No room.", 4),
        cue(6290, 8290, "– The dash\nstays, even on a line that is longer than a line may be", 5),
    ]
    now = CueList.of(film).replaced(mended(film, profile))
    assert [(c.end, c.text) for c in now] == [
        (833, "Short."),
        (3867, "Close the gap."),
        (6000, "This line is much longer\nthan a line may be, you see?"),
        (6200, "No room."),
        (9540, film[4].text),  # its line stays too long, but can be read now
    ]
    left = [(problem.cue_id, problem.rule) for problem in check_quality(now, profile)]
    assert left == [
        (3, "reading-speed"),
        (4, "duration-short"),
        (4, "reading-speed"),
        (5, "line-length"),
    ]


def test_mending_what_is_good_touches_nothing() -> None:
    film = [cue(0, 2000), cue(3000, 5000, cue_id=2)]
    assert mended(film, load_profile("netflix-en")) == {}
