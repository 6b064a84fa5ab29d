"""The running jobs that a page shows itself, one bar each."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.widgets.job_bar import JobBar


class JobBars(QWidget):
    """Stands above what the jobs are about; hidden while none runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: dict[Job, QWidget] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        bind(self, "setAccessibleName", N_("Running jobs"))
        self.hide()

    def follow(self, job: Job) -> None:
        """Show ``job`` until it is over."""
        if job not in self.bars:
            bar = self._bar_for(job)
            self.bars[job] = bar
            self._column.addWidget(bar)
            job.finished.connect(self._sweep)
            self.show()

    def forget(self, job: Job) -> None:
        """Show ``job`` no longer; it goes on."""
        bar = self.bars.pop(job, None)
        if bar is not None:
            self._column.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self.setVisible(bool(self.bars))

    def _sweep(self) -> None:
        for job in [one for one in self.bars if one.is_over]:
            self.forget(job)

    def _bar_for(self, job: Job) -> QWidget:
        bar = JobBar()
        bar.show_job(job)
        return bar
