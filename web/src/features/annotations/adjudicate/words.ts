/** What an opinion, or an answer, says in words. */

import type { ProjectClass } from "../../../api/shared"
import type { Opinion } from "./authors"
import { strings } from "./strings"

type Said = Pick<Opinion, "answer" | "class_id"> & { objects?: Opinion["objects"] }

/** “bun”, “2 objects: 1 bun, 1 roll”, “does not belong”. */
export function inWords({ answer, class_id, objects }: Said, choices: readonly ProjectClass[]): string {
  const nameOf = (id: string | null) => choices.find((choice) => choice.id === id)?.name ?? strings.goneClass
  if (answer === "class") return nameOf(class_id)
  if (answer !== "objects") return strings.answers[answer] ?? answer
  if (!objects) return strings.drawn
  const counts = new Map<string, number>()
  for (const object of objects) counts.set(nameOf(object.class_id), (counts.get(nameOf(object.class_id)) ?? 0) + 1)
  const parts = [...counts].map(([name, count]) => `${count} ${name}`)
  return [strings.objects(objects.length), parts.join(", ")].filter(Boolean).join(": ")
}
