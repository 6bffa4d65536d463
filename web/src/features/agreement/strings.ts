/** Every sentence about how far people agree, for readers who know no coefficients. */

import { percent } from "../../ui"

const n = (count: number) => count.toLocaleString("en")
const pictures = (count: number) => (count === 1 ? "1 picture" : `${n(count)} pictures`)

export const strings = {
  title: "Agreement",
  about: "Where several people label the same pictures by themselves, how often they say the same shows how clear the classes are, and whose labels differ from the others'.",
  loading: "Fetching how far people agree",
  ofBatch: (name: string) => `Agreement in “${name}”`,
  which: "Of which batch",
  everyBatch: "All batches",
  all: "All batches",
  toBatch: (name: string) => `Back to “${name}”`,
  emptyTitle: "Nothing to compare yet",
  emptyText: "Agreement is counted from pictures that several people label by themselves. Make a batch with two labels or more of each picture; a picture counts once all labels that are wanted of it are in.",
  emptyAction: "Go to the batches",
  pictures,
  together: {
    title: "Together",
    classes: (agreed: string) => `Two people agree in ${agreed} of pictures`,
    objects: (agreed: string) => `Of 100 objects that one person draws, another draws ${agreed}`,
    chance: (chance: string) => `If nobody looked and everybody just named the classes as often as they do, it would be ${chance}.`,
    differ: (differ: number, all: number) => (differ === 0 ? `In none of ${pictures(all)} does anybody differ.` : `They differ in ${n(differ)} of ${pictures(all)}.`),
    overlap: (share: string) => `What both draw overlaps by ${share} on average.`,
    counted: "Objects are the same if both gave them the same class and they overlap by half or more (keypoints: by their similarity).",
    show: "See these pictures",
    few: (count: number) => `Of ${pictures(count)} only: these figures can still change a lot.`,
    alpha: "Krippendorff's alpha",
    fleiss: "Fleiss' kappa",
    f1: "F1 at IoU 0.5",
    iou: "Mean overlap",
    scale: "1 is full agreement, 0 what chance brings",
  },
  /** What a coefficient that is free of chance means. */
  beyondChance: (value: number) => (value >= 0.8 ? "Very good" : value >= 0.6 ? "Good" : value >= 0.4 ? "Fair" : value >= 0.2 ? "Weak" : "Hardly better than chance"),
  /** What a share of objects means. */
  ofObjects: (value: number) => (value >= 0.9 ? "Very good" : value >= 0.75 ? "Good" : value >= 0.5 ? "Fair" : "Weak"),
  advice: {
    good: "These labels can be trusted.",
    fair: "Look at what is mixed up below, and say in the guidelines how to tell these apart.",
    weak: "People understand the classes differently. Settle with them what each class means before more is labelled.",
  },
  pairs: {
    title: "Each two people",
    text: "Choose a field to see the pictures in which two people differ.",
    alone: "Only one person has labelled here so far.",
    field: (one: string, other: string, agreed: string, shared: number) => `${one} and ${other} agree in ${agreed} of what they say, in ${pictures(shared)}`,
    chance: (chance: string) => `By chance it would be ${chance}`,
    kappa: (kappa: string, words: string) => `Cohen's kappa ${kappa}: ${words.toLowerCase()}`,
    overlap: (share: string) => `What both draw overlaps by ${share}`,
    differ: (count: number) => (count === 0 ? "They differ nowhere" : `They differ in ${pictures(count)}`),
    none: (one: string, other: string) => `${one} and ${other} labelled no picture together`,
    average: "With all others",
  },
  classes: {
    title: "Each class",
    text: "If one person says it, how often does another?",
    class: "Class",
    times: "Said",
    agreed: "Agreement",
    overlap: "Overlap",
  },
  mixed: {
    title: "What is mixed up",
    text: "What one person says where another says something else.",
    pair: (one: string, other: string) => `${one} – ${other}`,
    times: (count: number) => (count === 1 ? "once" : `${n(count)} times`),
    none: "Nothing: people never say one thing for another.",
  },
  time: {
    title: "Over time",
    text: "Of labels that came in on each day, or in each week; more at the bottom means more to compare.",
    day: (since: string, until: string) => (since === until ? since : `${since} to ${until}`),
    point: (when: string, agreed: string, count: number) => `${when}: ${agreed}, of ${n(count)} comparisons`,
    one: (when: string, agreed: string) => `So far all of it came in on one day: ${agreed} on ${when}.`,
  },
  drawer: {
    title: "Pictures in which people differ",
    people: (one: string, other: string) => `Where ${one} and ${other} differ`,
    person: (one: string) => `Where ${one} and others differ`,
    said: (one: string, other: string) => `${one} – ${other}`,
    oneSaid: (one: string) => `“${one}”, and something else`,
    nothing: "In no picture.",
    decided: "decided",
    open: "to decide",
    more: "Show more",
  },
  share: (value: number | null | undefined) => (value === null || value === undefined ? "–" : percent(value)),
  number: (value: number) => value.toFixed(2),
} as const
