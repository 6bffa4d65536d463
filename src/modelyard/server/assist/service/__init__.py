"""What the assist room does: the state of suggestions, labels that look wrong, and the refresh behind both."""

from modelyard.server.assist.service.status import ask_for_refresh, enqueue, label_errors, missing, status

__all__ = ["ask_for_refresh", "enqueue", "label_errors", "missing", "status"]
