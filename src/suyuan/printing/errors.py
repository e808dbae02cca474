"""What printing refuses, and what printers say: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict, Invalid


class AlreadyPrinted(Conflict):
    """Another label bears some of these codes: which job, who, when."""

    code = "already_printed"


class LabelsToCome(Conflict):
    """Another job is still going to print some of these labels: finish or cancel it first."""

    code = "labels_to_come"


class LabelsRefused(Invalid):
    """Some of the codes cannot be void: `refused` names them with their reasons; none is void."""

    def __init__(self, refused: list[dict[str, str]], *, place: str = "codes") -> None:
        """Keep each refused code with its reason, and the counts."""
        first = refused[0]
        super().__init__(
            "labels_refused",
            place=place,
            count=len(refused),
            refused=refused[:100],
            first_code=first["given"],
            first_reason=first["reason"],
        )


class JobNotOpen(Conflict):
    """The job is done or cancelled."""

    code = "print_job_not_open"


class JobRunning(Conflict):
    """The job is being printed; pause it first."""

    code = "print_job_running"


class LabelsInDoubt(Conflict):
    """Somebody has to say how many of the labels in doubt came out."""

    code = "print_labels_in_doubt"


class JobChangedMeanwhile(Conflict):
    """The job went on, or somebody else changed it, at the same moment."""

    code = "print_job_changed_meanwhile"


class NothingToReprint(Conflict):
    """No void label of this job waits to be printed again."""

    code = "nothing_to_reprint"


class PrinterCodeTaken(Conflict):
    """Another printer has this code."""

    code = "printer_code_taken"


class PrinterInactive(Conflict):
    """The printer was put away."""

    code = "printer_inactive"


class FileMissing(Conflict):
    """The job's file is not there: not finished, or removed by the operator."""

    code = "print_file_missing"


class PrinterFault(Exception):
    """Printing on a network printer stopped.

    Attributes:
        code: `printer_unknown_host`, `printer_address_refused`, `printer_refused`,
            `printer_timeout`, `printer_unreachable`, `printer_closed`, `printer_no_answer`,
            or what a status said: `printer_paper_out`, `printer_head_open`, ….
        sent: whether any byte of the labels may have reached the printer.
        data: what a sentence needs.
    """

    def __init__(self, code: str, *, sent: bool = False, **data: object) -> None:
        """Keep the code, and whether labels are in doubt."""
        super().__init__(code)
        self.code = code
        self.sent = sent
        self.data = data
