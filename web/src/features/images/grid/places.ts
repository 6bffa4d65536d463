/** Where each picture of a long list stands, when only some of its pages are here. Pure, so that it can be tested. */

export const PAGE = 250

interface Loaded<Card> {
  items: readonly Card[]
}

/** One place for each picture; a place whose page is not here yet is empty. Pages lose a few pictures when some are deleted. */
export function placed<Card extends { id: string }>(pages: ReadonlyMap<number, Loaded<Card>>, pageCount: number, total: number): (Card | undefined)[] {
  const cards: (Card | undefined)[] = []
  const seen = new Set<string>()
  let start = 0
  for (let page = 0; page < pageCount; page += 1) {
    const items = pages.get(page)?.items
    items?.forEach((card, index) => {
      if (!seen.has(card.id)) cards[start + index] = card
      seen.add(card.id)
    })
    start += items?.length ?? PAGE
  }
  cards.length = Math.max(total, cards.length)
  return cards
}

/** The pages that hold these places, `ahead` more on either side. */
export function pagesAround(from: number, to: number, ahead: number, pageCount: number): number[] {
  const first = Math.max(0, Math.floor((from - ahead) / PAGE))
  const last = Math.min(pageCount - 1, Math.floor((to + ahead) / PAGE))
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}
