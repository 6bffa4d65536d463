import classes from "./curve.module.css"

export interface CurvePoint {
  step: number
  stage: string
  train_loss: number | null
  val_accuracy: number | null
  val_loss: number | null
}

const WIDTH = 960
const HEIGHT = 220
const LEFT = 48
const BOTTOM = 26

const STEPS = [1, 2, 5, 10, 20, 25]

/** From where to draw, and at which round numbers of per cent a line helps: at most five steps up to 100. */
export function scale(least: number): { low: number; ticks: number[] } {
  const span = 100 - Math.max(0, Math.floor(least * 100 - 1))
  const step = STEPS.find((size) => span / size <= 5) ?? 25
  const lines = Math.min(Math.ceil(span / step), Math.floor(100 / step))
  const ticks = Array.from({ length: lines + 1 }, (_, index) => 100 - step * (lines - index))
  return { low: (ticks[0] ?? 0) / 100, ticks }
}

/** How right the model was on pictures it had not seen, try by try; the better of two lines is the higher one. */
export function LearningCurve({ points }: { points: readonly CurvePoint[] }) {
  const measured = points.flatMap((point, index) => (point.val_accuracy === null ? [] : [{ index, value: point.val_accuracy, point }]))
  if (measured.length === 0) return null
  const { low, ticks } = scale(Math.min(...measured.map((entry) => entry.value)))
  const last = Math.max(points.length - 1, 1)
  const x = (index: number) => LEFT + (index / last) * (WIDTH - LEFT - 12)
  const y = (value: number) => 8 + ((1 - value) / (1 - low || 1)) * (HEIGHT - BOTTOM - 8)
  const best = measured.reduce((a, b) => (b.value > a.value ? b : a))
  const path = measured.map((entry, at) => `${at === 0 ? "M" : "L"}${x(entry.index)} ${y(entry.value)}`).join(" ")
  const summary = `Accuracy on pictures held out: now ${Math.round((measured.at(-1)?.value ?? 0) * 100)} %, best ${Math.round(best.value * 100)} %`
  return (
    <svg className={classes.curve} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={classes.grid} x1={LEFT} x2={WIDTH - 12} y1={y(tick / 100)} y2={y(tick / 100)} />
          <text className={classes.tick} x={LEFT - 6} y={y(tick / 100) + 4} textAnchor="end">
            {tick} %
          </text>
        </g>
      ))}
      <path className={classes.line} d={path} />
      {measured.map((entry) => (
        <circle key={entry.index} className={entry === best ? classes.best : classes.dot} cx={x(entry.index)} cy={y(entry.value)} r={entry === best ? 5 : 3}>
          <title>{`${entry.point.stage}: ${(entry.value * 100).toFixed(1)} %`}</title>
        </circle>
      ))}
      <text className={classes.tick} x={(WIDTH + LEFT) / 2} y={HEIGHT - 6} textAnchor="middle">
        tries, in order
      </text>
    </svg>
  )
}
