"""Figures for Prometheus: what is counted by every request is two dictionary look-ups, all else is read when asked."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.bootstrap import Services
from api.live.feed import Feed
from gridsvc.errors import GridError

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The figures of one process, in a registry of its own."""

    def __init__(self, services: Services, feed: Feed) -> None:
        self._registry = CollectorRegistry()
        self._latency = Histogram(
            "gridsvc_request_seconds",
            "Time from a request's head to the end of its answer.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._known: dict[tuple[str, str, int], Histogram] = {}
        self._registry.register(_Present(services, feed))

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is the template of its address, never the address."""
        key = method, route, status
        histogram = self._known.get(key)
        if histogram is None:
            histogram = self._known[key] = self._latency.labels(method, route, str(status))
        histogram.observe(seconds)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format. Asks the database for the jobs."""
        return generate_latest(self._registry)


class _Present(Collector):
    """What is known at the moment of asking."""

    def __init__(self, services: Services, feed: Feed) -> None:
        self._services, self._feed = services, feed

    def describe(self) -> list[Metric]:
        """Nothing: registering would else ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Serving, streams, and jobs as long as the database answers."""
        serving = self._services.serving
        counts = serving.answers.counts()
        yield _counter("gridsvc_answers", "Answers to single places, by match.", "match", counts.matches)
        yield _counter("gridsvc_flags", "Doubts told with answers to single places.", "flag", counts.flags)
        yield _plain_counter("gridsvc_outside", "Single places outside coverage.", counts.outside)
        yield _counter("gridsvc_ties", "Answers that only the lowest code decided.", "body", serving.ties.counts())
        yield _plain_counter("gridsvc_refresh_failures", "Looks at the database that failed.", serving.failures)
        state = serving.state()
        yield GaugeMetricFamily("gridsvc_edition", "Newest edition that is loaded.", value=state.edition)
        yield GaugeMetricFamily("gridsvc_roster_revision", "Roster revision loaded.", value=state.roster_revision)
        yield GaugeMetricFamily("gridsvc_ready", "1 while the edition in force is open.", value=serving.is_ready())
        yield GaugeMetricFamily("gridsvc_database_up", "1 while the database answers.", value=serving.is_reachable)
        yield GaugeMetricFamily("gridsvc_writable", "1 while anything new can be kept.", value=serving.is_writable)
        yield GaugeMetricFamily("gridsvc_live_streams", "Open live streams.", value=self._feed.count)
        yield from self._jobs()

    def _jobs(self) -> Iterator[Metric]:
        try:
            counts = self._services.store.count_jobs()
        except GridError:
            return
        jobs = GaugeMetricFamily("gridsvc_jobs", "Jobs by state.", labels=["state"])
        for state, count in counts.items():
            jobs.add_metric([state.value], count)
        yield jobs


def _counter(name: str, words: str, label: str, counts: dict[str, int]) -> Metric:
    family = CounterMetricFamily(name, words, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family


def _plain_counter(name: str, words: str, value: int) -> Metric:
    return CounterMetricFamily(name, words, value=value)
