export const strings = {
  title: "Notifications",
  about: "What you are told of, in your list behind the bell and by e-mail.",
  card: "Which kinds come into your list, and which by e-mail.",
  open: "Choose",
  kind: "You are told when",
  bell: "In the list",
  mail: "By e-mail",
  mailGoes: (address: string) => `E-mail goes to ${address}; what you read within a minute is not sent.`,
  noMail: "This installation sends no e-mail. An administrator can name a mail server (MODELYARD_SMTP_HOST).",
  bellOf: (text: string) => `In the list: ${text}`,
  mailOf: (text: string) => `By e-mail: ${text}`,
  loading: "Loading",
} as const
