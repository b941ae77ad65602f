"""What a developer writes without Duban: one Prefect flow, one deployment and one run per duty.

The flow notes the task and mails it. `python -m benchmarks.monday_peer serve FOLDER PORT` serves
30 of them as Prefect's own guide does; a process worker runs the same flow from a work pool.
"""

import smtplib
import sqlite3
import sys
from email.message import EmailMessage
from pathlib import Path

from prefect import flow, serve

DEPARTMENTS = 30


@flow(name="weekly-duty")
def weekly_duty(folder: str, port: int, department: str, week: str) -> None:
    """Open the week's task of one department, and tell it by mail."""
    with sqlite3.connect(Path(folder) / "tasks.sqlite", timeout=60) as db:
        db.execute("CREATE TABLE IF NOT EXISTS tasks (key TEXT PRIMARY KEY, told INTEGER)")
        db.execute("INSERT OR IGNORE INTO tasks VALUES (?, 0)", (f"{department}/{week}",))
    letter = EmailMessage()
    letter["From"], letter["To"] = "office@school.example", f"{department}@school.example"
    letter["Subject"] = f"请于周五前报送周提醒（{week}）"
    letter.set_content("请于周五17:00前报送本周提醒。")
    with smtplib.SMTP("127.0.0.1", port) as relay:
        relay.send_message(letter)


def parameters(folder: Path, port: int, number: int) -> dict[str, str | int]:
    """Of the run for one department."""
    return {"folder": str(folder), "port": port, "department": f"d{number}", "week": "2026-W48"}


def main() -> None:
    """Serve one deployment per department until killed."""
    folder, port = Path(sys.argv[2]), int(sys.argv[3])
    made = [
        weekly_duty.to_deployment(f"served-{n}", parameters=parameters(folder, port, n))
        for n in range(DEPARTMENTS)
    ]
    serve(*made)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
