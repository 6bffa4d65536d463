import type { ProjectClass } from "../../../api/shared"
import { strings } from "./strings"
import type { Version } from "./correction"

type Worded = Pick<Version, "answer" | "class_id"> & { objects?: readonly { class_id: string; shape: unknown }[] }

/** What a label says, in a few words. */
export function inWords({ answer, class_id, objects = [] }: Worded, task: string, choices: readonly ProjectClass[]): string {
  const nameOf = (id: string) => choices.find((choice) => choice.id === id)?.name ?? strings.gone
  if (answer === "class" && class_id) return nameOf(class_id)
  if (answer !== "objects") return strings.answers[answer]
  if (task !== "multi_label") return strings.layer.objects(objects.length)
  return objects.length === 0 ? strings.none : objects.map((object) => nameOf(object.class_id)).join(", ")
}
