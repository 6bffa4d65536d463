"""Telling people what concerns them: a list behind a bell, and e-mail. Other rooms call `service.notify`."""
