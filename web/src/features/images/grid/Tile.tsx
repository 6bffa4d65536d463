import { IconCheck, IconCopy, IconLock, IconQuestionMark, IconX } from "@tabler/icons-react"
import type { MouseEvent } from "react"

import { thumbnailUrl } from "../../../api/images"
import type { ProjectClass } from "../../../api/shared"
import { ClassDot, ImageTile } from "../../../ui"
import styles from "../images.module.css"
import type { ImageCard, ImageOutlines } from "../queries"
import { strings } from "../strings"

interface Props {
  card: ImageCard
  drawn: ImageOutlines | undefined
  classes: ReadonlyMap<string, ProjectClass>
  isSelected: boolean
  isFocused: boolean
  onPick: (event: MouseEvent) => void
  onOpen: () => void
}

export function Tile({ card, drawn, classes, isSelected, isFocused, onPick, onOpen }: Props) {
  return (
    <ImageTile
      src={thumbnailUrl(card.id)}
      alt={card.name}
      isSelected={isSelected}
      isFocused={isFocused}
      onClick={onPick}
      onDoubleClick={onOpen}
      overlay={drawn && <Drawn card={card} drawn={drawn} classes={classes} />}
      caption={<Caption card={card} drawn={drawn} classes={classes} />}
      marks={
        card.twin_group || card.is_reserved ? (
          <>
            {card.twin_group && (
              <span className={styles.mark} title={strings.twins}>
                <IconCopy size={12} />
              </span>
            )}
            {card.is_reserved && (
              <span className={styles.mark} title={strings.reserved}>
                <IconLock size={12} />
              </span>
            )}
          </>
        ) : undefined
      }
    />
  )
}

const path = (rings: readonly number[][]) => rings.map((ring) => `M${ring.join(" ")}Z`).join("")

/** What is drawn, over a thumbnail that is cut to a square as this is. */
function Drawn({ card, drawn, classes }: Pick<Props, "card" | "classes"> & { drawn: ImageOutlines }) {
  return (
    <svg className={styles.drawn} viewBox={`0 0 ${card.width} ${card.height}`} preserveAspectRatio="xMidYMid slice" aria-hidden>
      {drawn.outlines.map(({ class_id, x1, y1, x2, y2, rings }, index) => {
        const color = classes.get(class_id)?.color ?? "gray"
        return rings?.length ? (
          <path key={index} d={path(rings)} stroke={color} fill={color} />
        ) : (
          <rect key={index} x={x1} y={y1} width={x2 - x1} height={y2 - y1} stroke={color} />
        )
      })}
    </svg>
  )
}

function Caption({ card, drawn, classes }: Pick<Props, "card" | "drawn" | "classes">) {
  if (card.answer?.answer === "class") {
    const found = card.answer.class_id ? classes.get(card.answer.class_id) : undefined
    return (
      <>
        <ClassDot color={found?.color ?? "gray"} size={10} />
        <span>{found?.name ?? "?"}</span>
      </>
    )
  }
  if (card.classes.length > 0) return <Classes ids={card.classes} classes={classes} />
  if (card.answer?.answer === "objects") return <span>{strings.objects(drawn?.total)}</span>
  if (card.answer) {
    const Icon = { not_sure: IconQuestionMark, objects: IconCheck }[card.answer.answer as string] ?? IconX
    return (
      <>
        <Icon size={12} />
        <span>{strings.answers[card.answer.answer]}</span>
      </>
    )
  }
  const guess = card.suggestion ? classes.get(card.suggestion.class_id) : undefined
  if (!guess || !card.suggestion) return null
  return (
    <i>
      {guess.name}? {Math.round(card.suggestion.score * 100)} %
    </i>
  )
}

/** A dot for each class of the picture, and their names as far as there is room. */
function Classes({ ids, classes }: { ids: readonly string[]; classes: Props["classes"] }) {
  const found = ids.flatMap((id) => classes.get(id) ?? [])
  return (
    <>
      {found.map(({ id, color }) => (
        <ClassDot key={id} color={color} size={10} />
      ))}
      <span title={found.map(({ name }) => name).join(", ")}>{found.map(({ name }) => name).join(", ")}</span>
    </>
  )
}
