export const strings = {
  by: (name: string) => `Sign in with ${name}`,
  or: "or",
  onlyBy: "Passwords are switched off here.",
  code: "Code of your authenticator app",
  codeHint: "Six digits. If you lost your phone, enter one of your recovery codes.",
  codeAbout: "One more step: show that it is you.",
  enter: "Go on",
  otherAccount: "Sign in as somebody else",
  setupTitle: "Set up your second factor",
  setupAbout: "Everybody here signs in with a password and a code of an authenticator app. It takes a minute.",
  codesTitle: "Keep these recovery codes",
  codesAbout: "The app is set up and you are signed in.",
  problems: {
    "provider-unavailable": "The sign-in provider does not answer as it should. Try again in a moment; if it stays, tell an administrator.",
    "provider-refused": "The sign-in provider did not let you in, or you turned back there. Try again, or ask an administrator.",
    "id-token-invalid": "What the sign-in provider said about you could not be trusted. Try again; if it stays, tell an administrator.",
    "sign-in-interrupted": "This sign-in was begun in another browser, took too long, or was used already. Begin it again.",
    "no-provider": "This installation has no sign-in provider. Sign in with your password.",
    "no-account-here": "The provider knows you, but you have no account here. Ask an administrator or the owner of a project to invite you.",
    "account-closed": "Your account here is closed. An administrator can open it again.",
    "address-missing": "The provider did not say your email address, which an account here needs. Tell an administrator.",
    "address-of-another": "An account here has your email address already. Sign in with its password, then connect it under Account, Security.",
    "nobody-yet": "This installation has nobody yet. Open the set-up link that the server printed when it started.",
    "identity-taken": "Somebody else's account here is connected with this person of the provider. Sign in there as yourself and try again.",
  } as Record<string, string>,
  unknownProblem: "The sign-in did not work. Try again; if it stays, tell an administrator.",
}

/** What went wrong on the way to the provider and back, by the code that the server puts into the address. */
export function problemText(code: string | undefined): string | null {
  return code === undefined ? null : (strings.problems[code] ?? strings.unknownProblem)
}
