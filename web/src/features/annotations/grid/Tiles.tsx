import type { Ref } from "react"

import { thumbnailUrl } from "../../../api/images"
import type { ProjectClass } from "../../../api/shared"
import classes from "../parts/label.module.css"
import type { ImageCard } from "../queries"
import { strings } from "../strings"
import { extend, toggle, type Marks } from "./marks"

interface Props {
  ref: Ref<HTMLDivElement>
  cards: readonly ImageCard[]
  marks: Marks
  setMarks: (marks: Marks) => void
  /** Marked means "does not belong" here. */
  isOut: boolean
  choices: readonly ProjectClass[]
}

export function Tiles({ ref, cards, marks, setMarks, isOut, choices }: Props) {
  const ids = cards.map((card) => card.id)
  return (
    <div ref={ref} className={classes.grid} role="listbox" tabIndex={0} aria-label={strings.manyPictures} aria-multiselectable data-testid="tiles">
      {cards.map((card, at) => {
        const isMarked = marks.marked.has(card.id)
        const guess = isOut ? undefined : choices.find((choice) => choice.id === card.suggestion?.class_id)
        return (
          <div
            key={card.id}
            role="option"
            aria-selected={isMarked}
            aria-label={card.name}
            title={card.name}
            className={classes.tile}
            data-out={(isOut && isMarked) || undefined}
            data-chosen={(!isOut && isMarked) || undefined}
            data-at={at === marks.at || undefined}
            data-image-id={card.id}
            onClick={(event) => setMarks(event.shiftKey ? extend(marks, ids, at) : toggle(marks, ids, at))}
          >
            <img src={thumbnailUrl(card.id)} alt="" draggable={false} decoding="async" />
            {card.suggestion && <span className={classes.mark}>{guess ? `${guess.name} ${Math.round(card.suggestion.score * 100)} %` : `${Math.round(card.suggestion.score * 100)} %`}</span>}
          </div>
        )
      })}
    </div>
  )
}
