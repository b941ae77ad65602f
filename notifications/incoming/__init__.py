"""One incoming mail, understood: bytes in, frozen values out. No database, no acts, no clock.

`reading.read_mail` says what a mail is and what is in it; `drafts.read_drafts` says what its answer
seems to report, once the task it is about is known. Whatever the bytes, both return.
"""
