import { Divider, Loader, Text } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import { IconFolderPlus, IconLayoutGrid, IconPlugConnectedX } from "@tabler/icons-react"

import { useProjectJobs, useStatus } from "../api/shared"
import { Bell } from "./Bell"
import { Mark } from "./Mark"
import { ProjectSwitcher } from "./ProjectSwitcher"
import styles from "./shell.module.css"
import { HOME, LOOP, REST, type Stage } from "./stages"
import { strings } from "./strings"
import { UserMenu } from "./UserMenu"

export function Rail({ projectId, isLive }: { projectId?: string; isLive: boolean }) {
  return (
    <nav className={styles.rail} aria-label={strings.stages}>
      <Link to="/" className={styles.brand}>
        <Mark />
        {strings.product}
      </Link>
      {projectId ? <ProjectStages projectId={projectId} /> : <GlobalPlaces />}
      <div className={styles.bottom}>
        {!isLive && (
          <Text size="xs" c="dimmed" px="xs" role="status">
            <IconPlugConnectedX size={14} style={{ verticalAlign: "-2px" }} /> {strings.offline}
          </Text>
        )}
        <Bell />
        <UserMenu />
      </div>
    </nav>
  )
}

function GlobalPlaces() {
  return (
    <div className={styles.stages}>
      <Place to="/" exact label={strings.projects} icon={IconLayoutGrid} />
      <Place to="/projects/new" label={strings.newProject} icon={IconFolderPlus} />
    </div>
  )
}

function ProjectStages({ projectId }: { projectId: string }) {
  const status = useStatus(projectId).data
  const jobs = useProjectJobs(projectId).data
  const active = jobs?.items.filter((job) => job.finished_at === null).length ?? 0
  const to = (stage: Stage) => `/projects/${projectId}${stage.path && `/${stage.path}`}`
  return (
    <>
      <ProjectSwitcher projectId={projectId} />
      <div className={styles.stages}>
        <Place to={to(HOME)} exact label={HOME.label} icon={HOME.icon} />
      </div>
      <div className={styles.loop}>
        {LOOP.map((stage) => (
          <Place key={stage.path} to={to(stage)} label={stage.label} icon={stage.icon} count={status && stage.count?.(status)} />
        ))}
      </div>
      <Divider />
      <div className={styles.stages}>
        {REST.map((stage) => (
          <Place key={stage.path} to={to(stage)} label={stage.label} icon={stage.icon} count={status && stage.count?.(status)} active={stage.path === "jobs" ? active : 0} />
        ))}
      </div>
    </>
  )
}

interface PlaceProps {
  to: string
  label: string
  icon: Stage["icon"]
  exact?: boolean
  count?: number
  active?: number
}

function Place({ to, label, icon: Icon, exact = false, count, active = 0 }: PlaceProps) {
  return (
    <Link to={to} className={styles.stage} activeOptions={{ exact, includeSearch: false }} data-reached={count ? true : undefined}>
      <span className={styles.icon}>
        <Icon size={17} stroke={1.8} aria-hidden />
      </span>
      {label}
      {count !== undefined && count > 0 && <span className={styles.count}>{count.toLocaleString()}</span>}
      {active > 0 && (
        <span className={styles.count} title={strings.working(active)}>
          <Loader size={12} color="var(--my-accent)" aria-label={strings.working(active)} />
        </span>
      )}
    </Link>
  )
}
