import { IconCheck } from "@tabler/icons-react"
import type { MouseEvent, ReactNode } from "react"

import styles from "./ImageTile.module.css"

interface Props {
  src: string
  alt: string
  /** One line over the lower edge. */
  caption?: ReactNode
  /** Painted over the picture, which it fits. */
  overlay?: ReactNode
  /** Small marks in the upper right corner. */
  marks?: ReactNode
  isSelected?: boolean
  isFocused?: boolean
  fit?: "cover" | "contain"
  onClick?: (event: MouseEvent) => void
  onDoubleClick?: () => void
}

/** A picture in a grid. It fills the box it is put in. */
export function ImageTile({ src, alt, caption, overlay, marks, isSelected = false, isFocused = false, fit = "cover", onClick, onDoubleClick }: Props) {
  return (
    <button
      type="button"
      className={styles.tile}
      data-selected={isSelected || undefined}
      data-focused={isFocused || undefined}
      data-fit={fit}
      aria-pressed={onClick ? isSelected : undefined}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      tabIndex={onClick ? 0 : -1}
      title={alt}
    >
      <img className={styles.picture} src={src} alt={alt} loading="lazy" decoding="async" draggable={false} />
      {overlay}
      {marks && <span className={styles.corner}>{marks}</span>}
      {isSelected && (
        <span className={styles.tick}>
          <IconCheck size={14} stroke={3} />
        </span>
      )}
      {caption && <span className={styles.foot}>{caption}</span>}
    </button>
  )
}
