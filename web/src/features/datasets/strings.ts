/** Every sentence of the dataset pages. */

const pictures = (n: number) => (n === 1 ? "1 picture" : `${n.toLocaleString("en")} pictures`)
const objects = (n: number) => (n === 1 ? "1 object" : `${n.toLocaleString("en")} objects`)

/** "2 croissant, 1 bagel"; without numbers where a picture has a class or has it not. */
function holds(found: readonly { name: string; count: number }[], isMultiLabel: boolean): string {
  if (found.length === 0) return "nothing here"
  return found.map(({ name, count }) => (isMultiLabel ? name : `${count} ${name}`)).join(", ")
}

interface Changes {
  added: number
  removed: number
  changed: number
  is_described_otherwise?: boolean
}

function changes({ added, removed, changed, is_described_otherwise }: Changes): string {
  const parts = [added && `${added} added`, removed && `${removed} removed`, changed && `${changed} changed`, is_described_otherwise && "described otherwise"]
  return parts.filter(Boolean).join(", ")
}

export const strings = {
  title: "Dataset versions",
  about: "A version is a frozen photograph of your pictures and labels. It never changes, so that a model can always be traced to what it learnt from.",
  version: (n: number) => `Version ${n}`,
  pictures,
  objects,
  classes: (n: number) => (n === 1 ? "1 class" : `${n} classes`),
  contents: (images: number, n: number | null) => (n === null ? pictures(images) : `${pictures(images)}, ${objects(n)}`),
  nothingHere: (n: number) => `In ${pictures(n)} there is nothing; they teach a model what to leave alone.`,
  holds,
  changes,
  emptyTitle: "Nothing is frozen yet",
  emptyDrawnText: "When enough pictures are done, freeze them as version 1: it can be compared with later ones and exported at any time.",
  emptyText: "When enough pictures are labelled, freeze them as version 1. Training does this by itself, too.",
  freeze: "Freeze a version",
  freezeNow: "Freeze",
  freezeTitle: "What goes into the next version",
  note: "Note",
  notePlaceholder: "What is new about it, for example “second delivery”",
  testShare: "Kept to test models",
  valShare: "Kept to choose between models",
  seed: "Seed",
  seedHelp: "The same seed shares the pictures out in the same way.",
  advanced: "How the pictures are shared out",
  about_counts: "About, because near twins stay together and shares given at import are respected. Pictures answered “does not belong” or “not sure” and those without an answer stay out.",
  tooFew: (names: string) => `Few pictures: ${names}. A class needs about ten before its figures mean anything.`,
  onlyOne: (names: string) => `Only one picture each: ${names}. They stay out of this version; label at least one more of each to have them in.`,
  leftOut: "Left out of this version",
  nothingToFreeze: "Label some pictures first: at least two classes with two pictures each.",
  nothingDrawn: "Nothing can be frozen yet: at least one class must be in two pictures that are done.",
  freezing: "Freezing the version",
  freezeCancelled: "The version was not frozen.",
  frozen: (n: number) => `Version ${n} is frozen`,
  frozenBefore: (n: number) => `Nothing has changed since version ${n}`,
  splits: { train: "to learn from", val: "to choose", test: "to test" },
  class: "Class",
  count: "Pictures",
  share: "Share",
  shareOf: (name: string) => `How much there is of ${name}`,
  objectsTitle: "Objects",
  by: (name: string | null, when: string) => (name ? `Frozen by ${name}, ${when}` : `Frozen ${when}`),
  hash: "Content hash",
  hashHelp: "Equal hashes mean equal contents, on every computer.",
  train: "Train on this version",
  export: "Export",
  exportTitle: "Export",
  exportWhat: "What",
  exportCurrent: "Everything as it is now",
  exportFormat: "As",
  formats: {
    folders: { label: "Folders", text: "One folder a class. Every program reads it; splits are kept, unsure answers are not." },
    csv: { label: "Table (CSV)", text: "The pictures and one table with names, classes and splits." },
    coco: { label: "COCO", text: "The pictures and one annotations.json: what most training programs and tools read." },
    yolo: { label: "YOLO", text: "A text file for each picture and a data.yaml. Boxes, or outlines where outlines are drawn." },
    voc: { label: "Pascal VOC", text: "An XML file for each picture, with the boxes around what is drawn." },
    masks: { label: "Masks as pictures", text: "A PNG for each picture, in which every class has a colour of its own." },
    cvat: { label: "CVAT", text: "The pictures and one annotations.xml, for going on in CVAT." },
    label_studio: { label: "Label Studio", text: "The pictures, the tasks as JSON, and the configuration that goes with them." },
    hf_imagefolder: { label: "Hugging Face image folder", text: "The pictures and a metadata.jsonl for each split." },
    datumaro: { label: "Datumaro", text: "The pictures and a file of annotations for each split, with every kind of shape." },
    croissant: { label: "Croissant", text: "Everything, with a croissant.json that describes files, checksums, splits and fields to other programs." },
    jsonl: { label: "Everything (JSONL)", text: "Loses nothing: answers, authors, revisions and splits. Modelyard reads it back." },
  },
  withMetadata: "Keep what the camera wrote into the files, such as the place",
  startExport: "Prepare the file",
  download: (size: string) => `Download (${size})`,
  exported: (images: number) => (images > 0 ? `${pictures(images)} packed` : "The labels are packed"),
  exporting: "Packing the export",
  exportCancelled: "The export was cancelled; nothing is left of it.",
  labelsOnly: "Labels only, without the pictures",
  lost: "This format can't carry",
  lostNothing: "Nothing was lost.",
  compare: "Compare with",
  compareTitle: (a: number, b: number) => `From version ${a} to version ${b}`,
  same: "No picture and no label differs.",
  added: "Added",
  removed: "Removed",
  relabelled: "Relabelled",
  changed: "Changed",
  objectChanges: (found: Changes & { unchanged: number }) => `Objects: ${changes(found) || "none differs"}; ${found.unchanged.toLocaleString("en")} as before.`,
  moved: "In another split",
  unchanged: "Unchanged",
  classesAdded: "New classes",
  classesRemoved: "Classes that are gone",
  classesRenamed: "Renamed classes",
  andMore: (n: number) => `and ${n.toLocaleString("en")} more`,
  images: "Pictures in this version",
  all: "All",
  more: "Show more",
  loading: "Loading",
} as const
