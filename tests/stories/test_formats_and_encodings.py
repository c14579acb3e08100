"""What a person sees of encodings and of formats: nothing is lost in silence, and no edit at all."""

from pathlib import Path

from tests.driver import program_running
from vtt_desktop.ui.dialogs.encoding import EncodingDialog
from vtt_desktop.ui.dialogs.losses import LossesDialog
from vtt_desktop.ui.dialogs.save_as import SaveDialog

WORDS = "Здравствуйте, это первый субтитр.\nИ вторая строка.", "Второй."
SRT = f"1\n00:00:01,000 --> 00:00:03,000\n{WORDS[0]}\n\n2\n00:00:04,000 --> 00:00:06,000\n{WORDS[1]}\n"
STYLED = (
    "WEBVTT - A film\n\nSTYLE\n::cue { color: lime }\n\nNOTE for later\n\n"
    "intro\n00:01.000 --> 00:03.000 line:10%\n<v Ann><c.loud>Hello</c>\n\n00:04.000 --> 00:06.000\nBye\n"
)


async def test_a_file_read_with_the_wrong_encoding_is_read_again_and_edits_stay(tmp_path: Path) -> None:
    film = tmp_path / "film.srt"
    data = SRT.encode("koi8-r")
    film.write_bytes(data)
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        await desk.session.read_again("cp1251")
        assert desk.texts[1] != WORDS[1] and desk.window.status._kind.text() == "SubRip · CP1251"
        desk.type("Ende", number=2)
        desk.window.status._kind.click()
        dialog = desk.dialog
        assert isinstance(dialog, EncodingDialog)
        assert dialog.titles[0].startswith("KOI8-U — Ukrainian   (told by the file)")
        assert "Здравствуйте" in dialog.view.toPlainText()
        dialog.letters.setText("cyr 1251")
        assert len(dialog.titles) == 1 and "(in use)" in dialog.titles[0]
        assert "Здравствуйте" not in dialog.view.toPlainText()
        dialog.letters.setText("koi")
        desk.click("Reopen")
        await desk.until("read again", lambda: desk.texts[0] == " ".join(WORDS[0].split("\n")))
        assert film.read_bytes() == data, "reading again writes nothing"
        assert desk.texts[1].endswith("Ende"), "what was typed and not saved is there"
        await desk.until("a conflict", lambda: "1 conflict" in desk.status)
        await desk.dialog_closes()
        desk.session.resolve(2, desk.session.sync.conflicts[0].take_theirs)
        desk.type(" Ende", number=2)
        desk.run("save")
        await desk.until("saved", lambda: not desk.session.unsaved)
        assert film.read_bytes() == SRT.replace("Второй.", "Второй. Ende").encode("koi8-r")


async def test_the_encoding_that_was_chosen_is_there_after_a_restart(tmp_path: Path) -> None:
    film = tmp_path / "film.srt"
    film.write_bytes("1\n00:00:01,000 --> 00:00:03,000\ncaf\u00e9\n".encode())
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        await desk.session.read_again("cp1252")
        assert desk.texts == ["caf\u00c3\u00a9"]
        desk.type("!", number=1)
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        assert desk.texts == ["caf\u00c3\u00a9!"]
        assert desk.session.encoding == "cp1252"
        desk.run("save")
        await desk.until("saved", lambda: not desk.session.unsaved)
        assert film.read_bytes().endswith("caf\u00e9!\n".encode())


async def test_saving_with_an_encoding_says_which_character_it_does_not_have(tmp_path: Path) -> None:
    film = tmp_path / "film.srt"
    film.write_text(SRT, encoding="utf-8")
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        desk.run("save-encoding")
        dialog = desk.dialog
        assert isinstance(dialog, EncodingDialog)
        dialog.letters.setText("windows 1252")
        await desk.until("the note", lambda: dialog.note.text())
        assert dialog.note.text() == (
            "It has no character “З” (cue 1), “д” (cue 1), “р” (cue 1), “а” (cue 1), “в” (cue 1) "
            "and 15 more; 1 other cue has such characters."
        )
        desk.click("Save")
        await desk.until("refused", lambda: dialog.wrong)
        assert "was not saved in cp1252. It has no character “З” (cue 1)" in dialog.wrong
        assert film.read_text(encoding="utf-8") == SRT
        dialog.letters.setText("windows 1251")
        desk.click("Save")
        await desk.until("saved", lambda: desk.session.encoding == "cp1251")
        assert film.read_bytes() == SRT.encode("cp1251")
        assert not desk.session.unsaved


async def test_webvtt_says_that_it_is_always_utf8(tmp_path: Path) -> None:
    film = tmp_path / "film.vtt"
    film.write_text(STYLED)
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        desk.window.status._kind.click()
        assert desk.message.startswith("WebVTT is always UTF-8.")
        assert desk.dialog is None


async def test_what_another_format_would_lose_is_said_before_it_is_written(tmp_path: Path) -> None:
    film = tmp_path / "film.vtt"
    film.write_text(STYLED)
    target = tmp_path / "film.srt"
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        desk.run("save-as")
        assert isinstance(desk.dialog, SaveDialog)
        assert not desk.dialog.encoding.isEnabled()
        desk.dialog.selectNameFilter("SubRip (*.srt)")
        desk.dialog.filterSelected.emit("SubRip (*.srt)")
        assert desk.dialog.selectedFiles() == [str(target)] and desk.dialog.encoding.isEnabled()
        desk.dialog.accept()
        await desk.until("the losses", lambda: isinstance(desk.dialog, LossesDialog))
        assert isinstance(desk.dialog, LossesDialog)
        said = desk.dialog.losses
        for words in ("1 STYLE block", "1 NOTE comment", "The voice tags", "The classes", "The cue settings"):
            assert words in said
        assert not target.exists()
        desk.click("Choose another format…")
        assert isinstance(desk.dialog, SaveDialog) and not target.exists()
        desk.dialog.selectFile(str(target))
        desk.dialog.accept()
        await desk.until("the losses again", lambda: isinstance(desk.dialog, LossesDialog))
        desk.click("Save anyway")
        await desk.until("saved", lambda: desk.session.path == target)
        assert desk.title.startswith("film.srt") and desk.session.format_name == "SubRip"
        assert desk.texts == ["Hello", "Bye"], "the document is what the file holds"
        assert film.read_text() == STYLED
        await desk.dialog_closes()
        desk.type(" now", number=2)
        desk.run("save")
        await desk.until("saved there again", lambda: not desk.session.unsaved)
        assert "Bye now" in target.read_text() and film.read_text() == STYLED
        desk.run("undo")
        desk.run("undo")
        assert desk.texts[0] == "<v Ann><c.loud>Hello</c>", "what was lost is there to be saved elsewhere"
        assert desk.session.unsaved


async def test_a_file_that_is_there_already_is_replaced_only_when_the_person_says_so(tmp_path: Path) -> None:
    film, other = tmp_path / "film.vtt", tmp_path / "other.vtt"
    film.write_text(STYLED)
    other.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nKeep me\n")
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        for answer in ("Cancel", "Replace"):
            desk.run("save-as")
            assert isinstance(desk.dialog, SaveDialog)
            desk.dialog.selectFile(str(other))
            desk.dialog.accept()
            await desk.question()
            assert "Keep me" in other.read_text()
            desk.click(answer)
            await desk.until("an answer", lambda: desk.dialog is None)
        await desk.until("saved", lambda: desk.session.path == other)
        assert other.read_text() == STYLED


async def test_after_a_change_of_format_and_a_restart_the_document_is_the_file(tmp_path: Path) -> None:
    film, target = tmp_path / "film.vtt", tmp_path / "film.srt"
    film.write_text(STYLED)
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        await desk.session.save(target)
        desk.type(" now", number=2)
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(target)
        assert desk.texts[0] == "Hello"
        written = target.read_text()
        target.write_text(written.replace("Hello", "Hello there"))
        await desk.session.look_at_disk()
        assert desk.texts[0] == "Hello there"
        assert desk.session.sync.summary.conflicts == 0


async def test_a_save_names_the_cues_that_its_encoding_cannot_hold(tmp_path: Path) -> None:
    film = tmp_path / "film.srt"
    data = "1\n00:00:01,000 --> 00:00:03,000\nÄrger\n\n2\n00:00:04,000 --> 00:00:06,000\nÖl\n".encode(
        "cp1252"
    )
    film.write_bytes(data)
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        await desk.session.read_again("cp1252")
        desk.type(" 漢字", number=2)
        desk.select(1)
        desk.press("Ctrl+S")
        await desk.until("it is said", lambda: "film.srt was not saved in cp1252" in desk.message)
        assert "“漢” (cue 2) and “字” (cue 2)." in desk.message
        assert desk.current == 2, "the cue can be mended at once"
        assert film.read_bytes() == data
        desk.press("Ctrl+Z")
        assert not desk.session.unsaved and not desk.message
