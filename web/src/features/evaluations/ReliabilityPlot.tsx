import { percent } from "./words"
import classes from "./charts.module.css"

export interface Bin {
  confidence: number
  accuracy: number
  n: number
}

const SIZE = 240
const PAD = 32

/** How often the model is right when it says it is so sure; on the diagonal its scores can be believed. */
export function ReliabilityPlot({ bins }: { bins: readonly Bin[] }) {
  const at = (value: number) => PAD + value * (SIZE - PAD - 8)
  const up = (value: number) => SIZE - at(value)
  const most = Math.max(...bins.map((bin) => bin.n), 1)
  const path = bins.map((bin, index) => `${index === 0 ? "M" : "L"}${at(bin.confidence)} ${up(bin.accuracy)}`).join(" ")
  return (
    <svg className={classes.reliability} viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label="Reliability of the scores">
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <g key={tick}>
          <line className={classes.grid} x1={at(tick)} x2={at(tick)} y1={up(0)} y2={up(1)} />
          <line className={classes.grid} x1={at(0)} x2={at(1)} y1={up(tick)} y2={up(tick)} />
          <text className={classes.tick} x={at(tick)} y={up(0) + 12} textAnchor="middle">
            {tick * 100}
          </text>
          <text className={classes.tick} x={at(0) - 4} y={up(tick) + 3} textAnchor="end">
            {tick * 100}
          </text>
        </g>
      ))}
      <line className={classes.ideal} x1={at(0)} y1={up(0)} x2={at(1)} y2={up(1)} />
      <path className={classes.line} d={path} />
      {bins.map((bin) => (
        <circle key={bin.confidence} className={classes.dot} cx={at(bin.confidence)} cy={up(bin.accuracy)} r={3 + 4 * Math.sqrt(bin.n / most)}>
          <title>{`Says ${percent(bin.confidence)}, is right in ${percent(bin.accuracy)} of ${bin.n} pictures`}</title>
        </circle>
      ))}
      <text className={classes.tick} x={(SIZE + PAD) / 2} y={SIZE - 4} textAnchor="middle">
        how sure it is, %
      </text>
      <text className={classes.tick} transform={`translate(9 ${SIZE / 2}) rotate(-90)`} textAnchor="middle">
        how often it is right, %
      </text>
    </svg>
  )
}
