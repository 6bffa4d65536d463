import { Text, VisuallyHidden } from "@mantine/core"
import { IconBarbell, IconBox, IconBroadcast, IconPhoto, IconStack2, IconTag, type TablerIcon } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"

import type { ProjectStatus } from "../../../api/shared"
import { strings } from "../strings"
import styles from "./home.module.css"
import { countAt, STATIONS, stateOf, type Station } from "./steps"

const ICONS: Record<Station, TablerIcon> = {
  images: IconPhoto,
  label: IconTag,
  versions: IconStack2,
  runs: IconBarbell,
  models: IconBox,
  deployments: IconBroadcast,
}

/** The loop, drawn: six stations on a line, and the way back from the last to labelling. */
export function Loop({ projectId, status }: { projectId: string; status: ProjectStatus }) {
  return (
    <div className={styles.loop}>
      <svg className={styles.drawing} viewBox="0 0 1200 86" preserveAspectRatio="none" aria-hidden>
        <g fill="none" stroke="currentColor" strokeWidth="2">
          <path d="M100 73 H1100" vectorEffect="non-scaling-stroke" />
          <path d="M1100 48 C1100 8 1080 8 1050 8 H350 C320 8 300 8 300 40" strokeDasharray="5 5" vectorEffect="non-scaling-stroke" />
        </g>
        <path d="M292 36 L300 46 L308 36 Z" fill="currentColor" />
      </svg>
      <span className={styles.back}>{strings.back}</span>
      <div className={styles.stations}>
        {STATIONS.map((station) => {
          const state = stateOf(station, status, status.next_step.code)
          const count = countAt(station, status)
          const Icon = ICONS[station]
          const to: string = `/projects/${projectId}/${station}`
          return (
            <Link key={station} to={to} className={styles.station} data-state={state}>
              <span className={styles.disc}>
                <Icon size={22} stroke={1.7} aria-hidden />
              </span>
              <Text size="sm" fw={state === "later" ? 400 : 600} c={state === "later" ? "dimmed" : undefined}>
                {strings.station[station]}
              </Text>
              <Text size="xs" c="dimmed">
                {count > 0 ? count.toLocaleString() : "–"}
              </Text>
              <VisuallyHidden>{strings.stationState[state]}</VisuallyHidden>
            </Link>
          )
        })}
      </div>
    </div>
  )
}
