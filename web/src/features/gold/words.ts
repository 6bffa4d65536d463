import type { Schemas } from "../../api/client"
import { strings } from "./strings"

type Answer = Schemas["GoldAnswer"]["answer"]

/** Returns how answers are said in words. */
export function useWords(classes: readonly { id: string; name: string }[] | undefined) {
  const names = new Map(classes?.map(({ id, name }) => [id, name]))
  return (answer: Answer, classId: string | null, objects: number) => {
    if (answer === "class") return (classId && names.get(classId)) ?? strings.deleted
    return answer === "objects" ? strings.objects(objects) : strings.answers[answer]
  }
}
