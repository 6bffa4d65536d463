import { useRef, type KeyboardEvent, type PointerEvent } from "react"

import { strings } from "../strings"
import { changed, withEdge, withJoint, type Draft } from "./draft"
import styles from "./skeleton.module.css"

const ARROWS: Record<string, readonly [number, number]> = { ArrowLeft: [-0.01, 0], ArrowRight: [0.01, 0], ArrowUp: [0, -0.01], ArrowDown: [0, 0.01] }

interface Props {
  draft: Draft
  chosen: number | null
  onChange: (draft: Draft) => void
  onChoose: (at: number | null) => void
}

/** Drag points about, click between them for a new one, click two of them with Shift to join them. */
export function Drawing({ draft, chosen, onChange, onChoose }: Props) {
  const area = useRef<SVGSVGElement>(null)
  const dragged = useRef<number | null>(null)
  const at = (event: PointerEvent) => {
    const box = area.current?.getBoundingClientRect()
    return box ? { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height } : { x: 0, y: 0 }
  }
  const press = (event: PointerEvent<SVGGElement>, index: number) => {
    event.stopPropagation()
    if (event.shiftKey && chosen !== null && chosen !== index) onChange(withEdge(draft, chosen, index))
    else dragged.current = index
    event.currentTarget.setPointerCapture(event.pointerId)
    onChoose(index)
  }
  const drag = (event: PointerEvent) => {
    if (dragged.current !== null) onChange(changed(draft, dragged.current, at(event)))
  }
  const nudge = (event: KeyboardEvent, index: number) => {
    const by = ARROWS[event.key]
    const joint = draft.joints[index]
    if (!by || !joint) return
    event.preventDefault()
    const far = event.shiftKey ? 5 : 1
    onChange(changed(draft, index, { x: joint.x + far * by[0], y: joint.y + far * by[1] }))
  }
  const add = (event: PointerEvent) => {
    const { x, y } = at(event)
    onChange(withJoint(draft, x, y))
    onChoose(draft.joints.length)
  }
  return (
    <svg ref={area} viewBox="0 0 100 100" className={styles.drawing} aria-label={strings.skeleton.drawing} data-testid="skeleton-drawing" onPointerDown={add} onPointerMove={drag} onPointerUp={() => (dragged.current = null)}>
      {draft.edges.map(([a, b]) => {
        const [one, other] = [draft.joints[a], draft.joints[b]]
        return one && other && <line key={`${a}-${b}`} x1={100 * one.x} y1={100 * one.y} x2={100 * other.x} y2={100 * other.y} className={styles.edge} />
      })}
      {draft.joints.map((joint, index) => (
        <g key={index} role="button" tabIndex={0} aria-label={joint.name} aria-pressed={chosen === index} className={styles.joint} transform={`translate(${100 * joint.x} ${100 * joint.y})`} onPointerDown={(event) => press(event, index)} onKeyDown={(event) => nudge(event, index)} onFocus={() => onChoose(index)}>
          <circle r={4.5} className={styles.grip} />
          <circle r={2} className={styles.dot} />
          <text y={-3.2} className={styles.number}>
            {index + 1}
          </text>
          <title>{joint.name}</title>
        </g>
      ))}
    </svg>
  )
}
