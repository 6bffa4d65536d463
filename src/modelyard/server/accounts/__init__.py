"""People, sign-in, tokens, invitations, audit."""
