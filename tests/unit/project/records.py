"""Records of scans, made up."""

from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.records import FileRecord, ScanResult


def record(path: str, key: str, label: str | None = None, split: Split | None = None) -> FileRecord:
    return FileRecord(path.encode(), 10, 20, 30, key, 8, 6, label, split, "", "")


def result(*records: FileRecord, not_images: int = 0) -> ScanResult:
    unreadable = [one for one in records if one.problem]
    return ScanResult(records, unreadable, not_images, len(records) - len(unreadable))


def animals(count: int = 20, *labels: str) -> list[FileRecord]:
    return [
        record(f"{label}/{n:03}.png", f"{label}{n}", label) for label in labels or ("cat", "dog") for n in range(count)
    ]
