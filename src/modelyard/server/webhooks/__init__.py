"""Telling addresses outside what happens in a project, signed by the Standard Webhooks specification."""
