"""The command line: `vtt-desktop`. One clear line on stderr and an exit status, never a traceback."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from vtt_desktop import __version__
from vtt_desktop.app import entries
from vtt_desktop.domain.errors import RefusedError, UndecidedError, UsageError, UserError

DONE, FOUND, USAGE, COULD_NOT = 0, 1, 2, 3
TOKEN_VARIABLE = "VTT_DESKTOP_TOKEN"

_EPILOG = """commands: demo, inspect, convert, check, hls, serve, publish, probe, sync, run; each has --help.
exit status: 0 done, 1 the work found something, 2 wrong usage, 3 could not."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program and gives its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us: what we say goes nowhere
            setattr(sys, name, io.StringIO())
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    logging.captureWarnings(True)
    command = _COMMANDS.get(arguments[0]) if arguments else None
    try:
        try:
            status = command(arguments[1:]) if command is not None else _editor(arguments)
        finally:
            sys.stdout.flush()
        return status
    except UserError as error:
        _say(str(error))
        return _status_of(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _silence(sys.stdout)  # nobody reads what we print any more
        return DONE
    except OSError as error:  # a name that no file can have; an output that takes no more
        what = (
            f"{error.filename} cannot be used" if error.filename is not None else "The output was cut short"
        )
        _silence(sys.stdout)
        _say(f"{what}: {(error.strerror or str(error)).lower()}.")
        return COULD_NOT


def _say(sentence: str) -> None:
    try:
        print(f"vtt-desktop: {sentence}", file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    """What is left to be written goes nowhere: it would only be a second error at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _status_of(error: UserError) -> int:
    if isinstance(error, UsageError):
        return USAGE
    return FOUND if isinstance(error, UndecidedError | RefusedError) else COULD_NOT


def _parser(name: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"vtt-desktop {name}".strip(), description=description)


def _backend_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile", default="", metavar="P", help="backend profile: a TOML file or a shipped name"
    )
    parser.add_argument("--ids", default="", help="segment ids, with commas, for a backend without a list")
    parser.add_argument(
        "--token", default=os.environ.get(TOKEN_VARIABLE, ""), help=f"token (default: ${TOKEN_VARIABLE})"
    )


def _ids(text: str) -> tuple[str, ...]:
    return tuple(one for one in text.split(",") if one)


def _editor(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="vtt-desktop",
        description="A subtitle editor that works offline and never silently overwrites a colleague.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", nargs="?", default="", metavar="FILE | PROJECT | URL", help="what to open")
    parser.add_argument("--media", default="", help="film or sound to open with it")
    parser.add_argument("--version", action="version", version=f"VTT Desktop {__version__}")
    _backend_options(parser)
    args = parser.parse_intermixed_args(arguments)
    return int(
        entries.start().run_editor(
            args.source, media=args.media, profile=args.profile, ids=_ids(args.ids), token=args.token
        )
    )


def _demo(arguments: Sequence[str]) -> int:
    parser = _parser(
        "demo", "The main job on a real server and a real film: edit, 412, conflict, offline, kill."
    )
    parser.add_argument(
        "--script", action="store_true", help="play the story through the window and check it"
    )
    parser.add_argument(
        "--out", default="demo-pictures", metavar="DIR", help="where --script saves its pictures"
    )
    parser.add_argument("--act", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--stage", default="", help=argparse.SUPPRESS)
    args = parser.parse_intermixed_args(arguments)
    if args.act:  # an editor that the story starts itself
        return int(entries.demo_story().play_act(args.act, Path(args.stage)))
    return int(entries.demo().run_demo(script=args.script, out=Path(args.out)))


def _inspect(arguments: Sequence[str]) -> int:
    parser = _parser("inspect", "What the parser sees in subtitle files.")
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line, in the order of the files"
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    args = parser.parse_intermixed_args(arguments)
    return int(entries.file_commands().inspect(args.files, json=args.json))


def _convert(arguments: Sequence[str]) -> int:
    parser = _parser("convert", "Converts between formats; WebVTT to WebVTT is byte for byte.")
    parser.add_argument("--to", default=None, metavar="FMT", help="format to write (default: by the name)")
    parser.add_argument(
        "--fps", type=float, default=None, metavar="N", help="frame rate of formats that count frames"
    )
    parser.add_argument(
        "--encoding",
        default=None,
        metavar="E",
        help="encoding of IN where it is not Unicode by itself (default: detected), kept where the format is;"
        " of OUT where IN is Unicode (default: UTF-8, as WebVTT always is)",
    )
    parser.add_argument(
        "--output-dir", default=None, metavar="DIR", help="write one file a FILE into this folder"
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="IN OUT, or any number with --output-dir")
    args = parser.parse_intermixed_args(arguments)
    if not args.output_dir and len(args.files) != 2:
        parser.error("give IN and OUT, or --output-dir DIR and files")
    return int(
        entries.file_commands().convert(
            args.files, to=args.to, fps=args.fps, encoding=args.encoding, output_dir=args.output_dir
        )
    )


def _check(arguments: Sequence[str]) -> int:
    parser = _parser("check", "Checks subtitle files against the specification and a profile of rules.")
    parser.add_argument(
        "--profile", default=None, metavar="NAME", help="rules to check against too: a name or a .toml file"
    )
    parser.add_argument(
        "--fps", type=float, default=None, metavar="N", help="frame rate of the film, for rules in frames"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line, in the order of the files"
    )
    parser.add_argument("--fix", action="store_true", help="repair what can be repaired safely")
    parser.add_argument("files", nargs="+", metavar="FILE")
    args = parser.parse_intermixed_args(arguments)
    return int(
        entries.file_commands().check(
            args.files, profile=args.profile, json=args.json, fix=args.fix, fps=args.fps
        )
    )


def _hls(arguments: Sequence[str]) -> int:
    parser = _parser("hls", "WebVTT in HTTP Live Streaming: segments and their playlist; nothing is lost.")
    actions = parser.add_subparsers(dest="action", required=True)
    split = actions.add_parser("split", help="a file into segments and a playlist")
    split.add_argument("file", metavar="FILE")
    split.add_argument(
        "--duration", type=float, default=6.0, metavar="S", help="seconds of a segment (default: 6)"
    )
    split.add_argument("--output-dir", required=True, metavar="DIR", help="where the segments are written")
    split.add_argument(
        "--mpegts", type=int, default=0, metavar="N", help="the film's clock at 0, in 1/90000 s (default: 0)"
    )
    join = actions.add_parser("join", help="segments back into a file")
    join.add_argument(
        "sources", nargs="+", metavar="DIR | PLAYLIST | FILE", help="a folder, a playlist or segments"
    )
    join.add_argument("out", metavar="OUT")
    args = parser.parse_args(arguments)
    if args.action == "join":
        return int(entries.file_commands().hls_join(args.sources, args.out))
    return int(
        entries.file_commands().hls_split(
            args.file, seconds=args.duration, output_dir=args.output_dir, mpegts=args.mpegts
        )
    )


def _serve(arguments: Sequence[str]) -> int:
    parser = _parser("serve", "The reference server: segments under optimistic locking.")
    parser.add_argument(
        "--store",
        default=os.environ.get("VTT_DESKTOP_STORE") or None,
        metavar="URL",
        help="sqlite:///… (default: in your data folder), postgresql://… or mongodb://…",
    )
    parser.add_argument("--host", default="127.0.0.1", metavar="H")
    parser.add_argument("--port", type=int, default=8765, metavar="N", help="0 takes a free one")
    parser.add_argument(
        "--token", default=os.environ.get(TOKEN_VARIABLE), metavar="T", help="default: a random one"
    )
    parser.add_argument("--token-file", default=None, metavar="FILE", help="where a random token is written")
    parser.add_argument("--no-token", action="store_true", help="let everybody in; on loopback only")
    parser.add_argument(
        "--allow-without-if-match", action="store_true", help="accept writes that lock nothing"
    )
    args = parser.parse_intermixed_args(arguments)
    entries.server().serve(
        store=args.store,
        host=args.host,
        port=args.port,
        token="" if args.no_token else args.token,
        token_file=args.token_file,
        allow_without_if_match=args.allow_without_if_match,
    )
    return DONE


def _publish(arguments: Sequence[str]) -> int:
    parser = _parser("publish", "Puts a file into a new project on a backend.")
    _backend_options(parser)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("url", metavar="URL", help="for example http://127.0.0.1:8765/projects/my-film")
    args = parser.parse_intermixed_args(arguments)
    return int(
        entries.event_loop().run(
            entries.headless().publish_file(args.file, args.url, args.profile, args.token)
        )
    )


def _probe(arguments: Sequence[str]) -> int:
    parser = _parser(
        "probe",
        "Tries on a scratch segment what a backend does with versions: whether it may be written to.",
    )
    parser.add_argument("profile", metavar="PROFILE", help="a TOML file or a shipped name")
    parser.add_argument(
        "source",
        metavar="URL",
        nargs="?",
        default="",
        help="the server or project, if the profile has no base",
    )
    parser.add_argument("--ids", default="", help="segment ids, with commas, for a backend without a list")
    parser.add_argument(
        "--token", default=os.environ.get(TOKEN_VARIABLE, ""), help=f"token (default: ${TOKEN_VARIABLE})"
    )
    parser.add_argument(
        "--scratch",
        default="",
        metavar="ID",
        help="a segment that may be changed for it and is put back, where none can be made",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object with all findings")
    args = parser.parse_intermixed_args(arguments)
    work = entries.backend_commands().probe(
        args.profile,
        args.source,
        ids=_ids(args.ids),
        token=args.token,
        scratch=args.scratch,
        as_json=args.json,
    )
    return int(entries.event_loop().run(work))


def _sync(arguments: Sequence[str]) -> int:
    parser = _parser("sync", "Sends and fetches what waits in a project, and reports conflicts.")
    parser.add_argument("--token", default=os.environ.get(TOKEN_VARIABLE, ""))
    parser.add_argument(
        "--went-back",
        choices=("mine", "theirs"),
        default="",
        help="whose versions shall hold where the server went back to an older state",
    )
    parser.add_argument(
        "--online", action="store_true", help="end a project's work offline for good, not for this sync alone"
    )
    parser.add_argument("project", metavar="PROJECT")
    args = parser.parse_intermixed_args(arguments)
    if not os.path.exists(args.project):
        raise UserError(f"There is no project {args.project}.")
    work = entries.headless().sync_project(args.project, args.token, args.went_back, online=args.online)
    return int(entries.event_loop().run(work))


def _run(arguments: Sequence[str]) -> int:
    arguments = list(arguments)
    macro_args: list[str] = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, macro_args = arguments[:at], arguments[at + 1 :]
    parser = _parser("run", "Runs a macro on a file, a project or a backend, without a window.")
    _backend_options(parser)
    parser.add_argument(
        "--project", default="", metavar="FILE", help="keep the journal here, and go on from it"
    )
    parser.add_argument("--save", action="store_true", help="save the file when the macro is done")
    parser.add_argument("macro", metavar="MACRO.py")
    parser.add_argument(
        "source", metavar="SOURCE", nargs="?", default="", help="a file, a project, or a backend's URL"
    )
    args = parser.parse_intermixed_args(arguments)
    work = entries.headless().run(
        Path(args.macro),
        args.source,
        macro_args,
        profile=args.profile,
        ids=_ids(args.ids),
        token=args.token,
        project=args.project,
        save=args.save,
    )
    return int(entries.event_loop().run(work))


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": _demo,
    "inspect": _inspect,
    "convert": _convert,
    "check": _check,
    "hls": _hls,
    "serve": _serve,
    "publish": _publish,
    "probe": _probe,
    "sync": _sync,
    "run": _run,
}
