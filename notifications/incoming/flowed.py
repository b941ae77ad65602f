"""`format=flowed` (RFC 3676): lines that a program broke are one line again."""


def unfolded(text: str, delete_space: bool = False) -> str:
    """`text` with flowed lines joined; a line that ends in a space goes on in the next one.

    Only lines of the same quotation depth belong together; the signature's line stays alone.
    """
    lines: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        said = line[depth:].removeprefix(" ")
        flows = said.endswith(" ") and said != "-- "
        if open_depth != depth or said == "-- ":
            lines.append([f"{'>' * depth} "] if depth else [])
        lines[-1].append(said[:-1] if flows and delete_space else said)
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in lines)
