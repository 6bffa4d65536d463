import { percent } from "./words"
import classes from "./charts.module.css"

interface Props {
  value: number | null
  interval: readonly number[]
  /** Draws a mark where the project's wish lies. */
  wish?: number
  label: string
}

/** A value with its 95 % interval on a line from 0 to 100. */
export function IntervalBar({ value, interval, wish, label }: Props) {
  const [low = 0, high = 1] = interval
  if (value === null) return <span className={classes.nothing}>–</span>
  const text = `${label}: ${percent(value)}, between ${percent(low)} and ${percent(high)}`
  return (
    <svg className={classes.interval} viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label={text}>
      <title>{text}</title>
      <rect className={classes.track} x={0} y={5} width={100} height={2} />
      <rect className={classes.range} x={low * 100} y={3} width={Math.max((high - low) * 100, 0.5)} height={6} rx={1} />
      <rect className={classes.value} x={value * 100 - 0.6} y={1} width={1.2} height={10} />
      {wish !== undefined && <rect className={classes.wish} x={wish * 100 - 0.25} y={0} width={0.5} height={12} />}
    </svg>
  )
}
