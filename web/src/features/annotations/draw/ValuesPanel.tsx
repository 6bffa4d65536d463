import type { Attribute } from "../../../api/shared"
import type { Editor } from "../../../canvas"
import { ValueFields, type Question } from "../parts/ValueFields"
import { focusPicture } from "./focus"
import { strings } from "./strings"

/** What is known of the selected objects, and of the picture: set at once for all, never in the way of drawing. */
export function ValuesPanel({ editor, attributes }: { editor: Editor; attributes: readonly Attribute[] }) {
  const { board } = editor
  const selected = [...board.selection].flatMap((id) => board.objects.get(id) ?? [])
  const ofObjects = attributes.flatMap((attribute): Question[] => {
    const able = selected.filter(({ class_id }) => attribute.class_id === null || attribute.class_id === class_id)
    if (attribute.subject !== "object" || able.length === 0) return []
    const ids = able.map(({ id }) => id)
    return [{ attribute, answers: able.map((object) => object.attributes[attribute.name]), answer: (value) => board.describe({ [attribute.name]: value }, ids) }]
  })
  const ofPicture = attributes.filter(({ subject }) => subject === "image").map((attribute): Question => ({ attribute, answers: [board.attributes[attribute.name]], answer: (value) => board.describePicture({ [attribute.name]: value }) }))
  const sections = [
    { title: strings.values.selected(selected.length), of: [...board.selection].join(), questions: ofObjects },
    { title: strings.values.picture, of: "", questions: ofPicture },
  ]
  return <ValueFields sections={sections} onLeave={focusPicture} />
}
