/** Names in texts: who is meant by an @, what is being typed after one, and where a text is to look different. */

export interface Named {
  user_id: string
  name: string
}

export interface Piece {
  text: string
  isMention: boolean
}

const byLength = (a: Named, b: Named) => b.name.length - a.name.length
/** A name ends where no letter or digit follows: “@Ana” is not in “@Anatol”. */
const ends = (text: string, at: number) => !/[\p{L}\p{N}]/u.test(text.charAt(at))

/** The text in pieces, so that names of these people look like mentions; where several would fit, the longest does. */
export function pieces(text: string, people: readonly Named[]): Piece[] {
  const known = [...people].sort(byLength)
  const found: Piece[] = []
  let plain = ""
  for (let at = 0; at < text.length; ) {
    const person = text[at] === "@" ? known.find(({ name }) => text.startsWith(name, at + 1) && ends(text, at + 1 + name.length)) : undefined
    if (person) {
      if (plain) found.push({ text: plain, isMention: false })
      plain = ""
      found.push({ text: `@${person.name}`, isMention: true })
      at += person.name.length + 1
    } else {
      plain += text[at] ?? ""
      at += 1
    }
  }
  if (plain) found.push({ text: plain, isMention: false })
  return found
}

/** The ids of the people whom a text mentions; people of one name are all meant. */
export function mentionsIn(text: string, people: readonly Named[]): string[] {
  const names = new Set(pieces(text, people).flatMap((piece) => (piece.isMention ? [piece.text.slice(1)] : [])))
  return people.filter(({ name }) => names.has(name)).map(({ user_id }) => user_id)
}

/** What is typed after the last @ before the caret; null if no name is being typed. */
export function typedName(text: string, caret: number): { start: number; part: string } | null {
  const start = text.lastIndexOf("@", caret - 1)
  if (start < 0 || (start > 0 && /[\p{L}\p{N}]/u.test(text.charAt(start - 1)))) return null
  const part = text.slice(start + 1, caret)
  return part.length > 40 || part.includes("\n") ? null : { start, part }
}

/** The people whose names, or one of their words, begin with what is typed. */
export function offered(people: readonly Named[], part: string, most = 6): Named[] {
  const wanted = part.toLowerCase()
  return people.filter(({ name }) => name.toLowerCase().startsWith(wanted) || name.toLowerCase().split(/\s+/).some((word) => word.startsWith(wanted))).slice(0, most)
}
