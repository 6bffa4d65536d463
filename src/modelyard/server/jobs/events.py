"""What the jobs room hears from the rooms before it."""

from modelyard.server.events import PersonShutOut
from modelyard.server.jobs import service
from modelyard.server.kit.events import subscribe

subscribe(PersonShutOut)(service.stop_work_of)
