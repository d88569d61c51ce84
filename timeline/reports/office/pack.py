"""The zip that an office file is: the same parts, the same bytes. Knows no format inside.

Both libraries write the time of writing into the file; a report is the same bytes whenever it is written.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from timeline.reports.composing.shape import Report

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can say; no time of writing is kept."""
_TIMES: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def packed(made: bytes, at: str) -> bytes:
    """Give an office file with every time of writing replaced by that of the record, such as 2024-08-15T10:00:00Z."""
    out = BytesIO()
    with ZipFile(BytesIO(made)) as parts, ZipFile(out, "w", ZIP_DEFLATED) as fresh:
        for name in parts.namelist():
            data = parts.read(name)
            if name == "docProps/core.xml":
                data = _TIMES.sub(rb"\g<1>" + at.encode() + rb"\g<2>", data)
            info = ZipInfo(name, EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            fresh.writestr(info, data)
    return out.getvalue()


def recorded(report: Report) -> str:
    """Give the time of the last event the report knows of, to the second; 1980 where it knows none."""
    cover = report.section("cover")
    at = cover.data["as_of"]["recorded_at"] if cover else None
    return f"{at[:19]}Z" if at else "1980-01-01T00:00:00Z"


def author(report: Report) -> str:
    """Give who prepared the report; empty where it does not say."""
    cover = report.section("cover")
    return str(cover.data.get("prepared_by", "")) if cover else ""
