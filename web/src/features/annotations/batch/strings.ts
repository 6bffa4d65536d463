/** Every sentence about the batch that is being labelled. */

const pictures = (n: number) => (n === 1 ? "1 picture" : `${n.toLocaleString("en")} pictures`)

export const strings = {
  progress: (given: number, wanted: number) => `${given.toLocaleString("en")} of ${wanted.toLocaleString("en")} labels`,
  note: "What to know",
  returned: (name: string | null, time: string) => `Sent back by ${name ?? "a reviewer"}, ${time}`,
  before: (answer: string) => `You said: ${answer}`,
  until: (time: string) => `until ${time}`,
  doneTitle: "You are done here",
  doneText: (name: string) => `There is nothing left for you in “${name}”.`,
  elsewhereTitle: "The rest is with others",
  elsewhereText: "What is left is on other people's screens right now. It comes back in a few minutes if it is not labelled there.",
  stoppedTitle: "Nothing to label just now",
  next: (name: string, left: number) => `Go on with “${name}”: ${pictures(left)}`,
  openQueue: "Label the open queue",
  batches: "All batches",
  tryAgain: "Look again",
  back: "Look back at what you did",
} as const
