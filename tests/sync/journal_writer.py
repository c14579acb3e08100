"""A process that types into a journal until it is killed, and says which edits were acknowledged.

`python -m tests.sync.journal_writer PATH FIRST CUES`: line by line `N`, once all that was
typed up to the text `N` is on disk.
"""

import sys
from pathlib import Path

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.edits_timing import shift
from vtt_desktop.domain.history import History
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.journal import Journal
from vtt_desktop.sync.segment import Segment


def main(path: str, first: int, count: int) -> None:
    journal = Journal.open(Path(path), lambda sentence: print("error", sentence, flush=True))
    if journal.recovered is None:
        snapshot = Snapshot(cues=CueList.of(Cue(i + 1, i * 10, i * 10 + 5, "-") for i in range(count)))
        journal.checkpoint(snapshot, count + 1)
        document = Document(snapshot, count + 1)
    else:
        document = Document(journal.recovered.snapshot, journal.recovered.next_id)
    history = History(document, lambda: 0.0)
    if journal.recovered is not None:
        for event in journal.recovered.events:
            history.restore(event)
    history.changed.connect(journal.append)
    print("ready", flush=True)
    number = first
    while True:
        cue_id = number % count + 1
        history.do(set_text(document.snapshot, cue_id, str(number)))
        history.seal()
        if number % 7 == 0:
            history.do(shift(document.snapshot, [c.id for c in document.snapshot.cues], 1))
        if number % 11 == 0:
            history.undo()
            history.redo()
        if number % 13 == 0:
            journal.checkpoint(document.snapshot, document.next_id)
        cue = document.snapshot.cues.get(cue_id)
        assert cue is not None
        journal.put_segments([Segment(str(cue_id), None, None, Body(cue.text, "", (cue,)))])
        journal.flush().result()
        print(number, flush=True)
        number += 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
