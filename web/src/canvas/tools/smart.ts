/** Finds things and edges by what people point at; the answers come through a port, and only the newest one counts. */

import { clampTo, clippedTo, distance, rectOf, type ImagePoint } from "../geometry/points"
import type { SmartPrompt } from "../ports"
import { kindOf, type Shape } from "../shapes"
import { converted } from "../shapes/convert"
import type { MaskShape } from "../shapes/types"
import { boxFrom } from "./drag"
import { EdgeTool } from "./edge"
import type { Bench, Mark, Pointer, Tool } from "./tool"

const DRAG_PX = 4

/** A box or clicks give a thing, or clicks along an edge its outline. */
export class SmartTool implements Tool {
  readonly cursor = "crosshair"
  readonly usesSecond = true
  private readonly thing: ThingTool
  private readonly edge: EdgeTool

  constructor(private readonly bench: Bench) {
    const keep = (shape: Shape) => keepAs(bench, shape)
    this.thing = new ThingTool(bench, keep)
    this.edge = new EdgeTool(bench, keep)
  }

  private get by(): Tool {
    return this.bench.settings.smartBy === "edge" ? this.edge : this.thing
  }

  get draft(): Shape | null {
    return this.by.draft
  }

  get marks(): readonly Mark[] {
    return this.by.marks ?? []
  }

  down(pointer: Pointer): void {
    this.by.down(pointer)
  }

  move(pointer: Pointer): void {
    this.by.move(pointer)
  }

  up(pointer: Pointer): void {
    this.by.up(pointer)
  }

  key(name: string): boolean {
    if (name !== "Escape") return this.by.key(name)
    const wasThing = this.thing.key(name)
    return this.edge.key(name) || wasThing
  }

  again(): void {
    this.by.again?.()
  }

  async settled(): Promise<void> {
    await this.by.settled?.()
  }
}

/** What was found as an object of the form that people chose. */
function keepAs(bench: Bench, shape: Shape): void {
  const made = formed(bench, shape)
  if (!kindOf(made).isTiny(made)) bench.add(made)
}

function formed({ settings, width, height }: Bench, shape: Shape): Shape {
  const frame = { x1: 0, y1: 0, x2: width, y2: height }
  return converted(shape, settings.smartForm, settings.outlineTolerance, (bounds) => clippedTo(bounds, frame)) ?? shape
}

/** What was shown so far, and what was found for it: undefined while nobody has answered. */
interface Step {
  prompt: SmartPrompt
  mask?: MaskShape | null
}

/**
 * Cuts out a thing: drag a box around it or click on it; the right button or Alt says what does not belong to it.
 *
 * Enter keeps it, Escape drops it, Backspace takes the last click back.
 */
class ThingTool implements Tool {
  readonly cursor = "crosshair"
  private steps: Step[] = []
  private pressed: ImagePoint | null = null
  private dragged: ImagePoint | null = null
  private asking = new AbortController()
  private isToBeKept = false
  private answered: Promise<unknown> = Promise.resolve()
  private seen: { mask: MaskShape; form: string; shape: Shape } | null = null

  constructor(
    private readonly bench: Bench,
    private readonly keep: (shape: Shape) => void,
  ) {}

  private inside(p: ImagePoint): ImagePoint {
    return clampTo(p, this.bench.width, this.bench.height)
  }

  private get prompt(): SmartPrompt {
    return this.steps.at(-1)?.prompt ?? { box: null, clicks: [] }
  }

  get marks(): readonly Mark[] {
    return this.prompt.clicks
  }

  /** The newest answer; before it the box. */
  get draft(): Shape | null {
    if (this.pressed && this.dragged) return boxFrom(this.pressed, this.dragged)
    const mask = this.steps.findLast((step) => step.mask !== undefined)?.mask
    if (mask) return this.formOf(mask)
    const { box } = this.prompt
    return box && { type: "box", ...box, angle: 0 }
  }

  private formOf(mask: MaskShape): Shape {
    const { smartForm, outlineTolerance } = this.bench.settings
    const form = `${smartForm} ${outlineTolerance}`
    if (this.seen?.mask !== mask || this.seen.form !== form) this.seen = { mask, form, shape: formed(this.bench, mask) }
    return this.seen.shape
  }

  down({ at, alt, isSecond }: Pointer): void {
    if (!this.bench.smart) return
    const p = this.inside(at)
    if (!alt && !isSecond) this.pressed = p
    else if (this.steps.length > 0) this.click(p, false)
  }

  move({ at, pixel }: Pointer): void {
    if (!this.pressed) return
    if (this.dragged || distance(this.pressed, at) > DRAG_PX * pixel) this.dragged = this.inside(at)
  }

  up(): void {
    const { pressed, dragged } = this
    this.pressed = this.dragged = null
    if (!pressed) return
    if (dragged) this.show({ ...this.prompt, box: rectOf(pressed, dragged) })
    else this.click(pressed, true)
  }

  private click(at: ImagePoint, isPositive: boolean): void {
    this.show({ ...this.prompt, clicks: [...this.prompt.clicks, { at, isPositive }] })
  }

  private show(prompt: SmartPrompt): void {
    this.steps.push({ prompt })
    this.ask()
  }

  again(): void {
    if (this.steps.length > 0) this.ask()
  }

  /** Asks about the newest step; whatever was asked before is answered in vain. */
  private ask(): void {
    const step = this.steps.at(-1)
    this.asking.abort()
    const { signal } = (this.asking = new AbortController())
    if (!step || !this.bench.smart) return
    this.answered = this.bench.smart
      .find(step.prompt, signal)
      .then((mask) => {
        if (signal.aborted) return
        step.mask = mask
        if (this.isToBeKept) this.accept()
      })
      .catch(() => {
        if (signal.aborted) return
        this.isToBeKept = false
        if (step.mask === undefined) this.steps = this.steps.filter((other) => other !== step)
      })
      .finally(() => !signal.aborted && this.bench.repaint())
  }

  settled(): Promise<unknown> {
    return this.isToBeKept ? this.answered : Promise.resolve()
  }

  private accept(): void {
    const mask = this.steps.at(-1)?.mask
    this.isToBeKept = mask === undefined
    if (mask === undefined) return
    if (mask) {
      this.clear()
      this.keep(mask)
    }
  }

  private clear(): void {
    this.asking.abort()
    this.steps = []
    this.pressed = this.dragged = this.seen = null
    this.isToBeKept = false
  }

  key(name: string): boolean {
    const isAtWork = this.steps.length > 0 || this.pressed !== null
    if (!isAtWork) return false
    if (name === "Enter") this.accept()
    else if (name === "Escape") this.clear()
    else if (name === "Backspace") this.back()
    else return false
    return true
  }

  private back(): void {
    this.asking.abort()
    this.isToBeKept = false
    this.steps.pop()
    if (this.steps.length > 0 && this.steps.at(-1)?.mask === undefined) this.ask()
  }
}
