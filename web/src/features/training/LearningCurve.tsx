import classes from "./curve.module.css"

export interface CurvePoint {
  step: number
  stage: string
  train_loss: number | null
  val_accuracy: number | null
  val_loss: number | null
}

const WIDTH = 640
const HEIGHT = 220
const LEFT = 40
const BOTTOM = 26

/** How right the model was on pictures it had not seen, try by try; the better of two lines is the higher one. */
export function LearningCurve({ points }: { points: readonly CurvePoint[] }) {
  const measured = points.flatMap((point, index) => (point.val_accuracy === null ? [] : [{ index, value: point.val_accuracy, point }]))
  if (measured.length === 0) return null
  const low = Math.floor(Math.min(...measured.map((entry) => entry.value), 0.95) * 10) / 10
  const last = Math.max(points.length - 1, 1)
  const x = (index: number) => LEFT + (index / last) * (WIDTH - LEFT - 12)
  const y = (value: number) => 8 + ((1 - value) / (1 - low || 1)) * (HEIGHT - BOTTOM - 8)
  const ticks = Array.from({ length: 5 }, (_, index) => low + ((1 - low) * index) / 4)
  const best = measured.reduce((a, b) => (b.value > a.value ? b : a))
  const path = measured.map((entry, at) => `${at === 0 ? "M" : "L"}${x(entry.index)} ${y(entry.value)}`).join(" ")
  const summary = `Accuracy on pictures held out: now ${Math.round((measured.at(-1)?.value ?? 0) * 100)} %, best ${Math.round(best.value * 100)} %`
  return (
    <svg className={classes.curve} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={classes.grid} x1={LEFT} x2={WIDTH - 12} y1={y(tick)} y2={y(tick)} />
          <text className={classes.tick} x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
            {Math.round(tick * 100)} %
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
